import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Figure } from "../figure.ts";

const FIRST_REQUESTS = 100_000;
const REQUESTS = 1_000_000;
const CONCURRENCY = 32;
const BYTES_PER_MB = 1024 * 1024;

/** What the heap holds on to between the first hundred thousand requests and a million. Takes about 40 s. */
export async function measureMemory(send: () => Promise<unknown>, print: (line: string) => void): Promise<Figure> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const heapMb = (): number => {
    collect();
    return process.memoryUsage().heapUsed / BYTES_PER_MB;
  };
  await sendMany(send, FIRST_REQUESTS);
  const firstMb = heapMb();
  await sendMany(send, REQUESTS - FIRST_REQUESTS);
  const lastMb = heapMb();
  print(
    `heap           ${firstMb.toFixed(1)} MB after ${FIRST_REQUESTS} requests, ${lastMb.toFixed(1)} MB after ${REQUESTS}`,
  );
  const value = Math.max(0, lastMb - firstMb);
  return {
    name: `heap growth from ${FIRST_REQUESTS} to ${REQUESTS} requests`,
    value,
    unit: "MB",
    better: "less",
    floor: 1,
    aim: 0.2,
  };
}

async function sendMany(send: () => Promise<unknown>, count: number): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (left-- > 0) await send();
    }),
  );
}

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseEnv } from "node:util";
import { fileCredentials } from "@gatehouse/access-client";
import { createStatsClient } from "@gatehouse/bot";
import { startTrace } from "@gatehouse/service";
import { discard, type LocalStack, startLocalStack } from "../e2e/support/local-stack.ts";
import type { Bench } from "./figure.ts";

const SECONDS = Number(process.env["SOAK_SECONDS"] ?? 300);
const PER_SECOND = 200;
const TICK_MS = 50;
const CLI = join(import.meta.dirname, "../../admin/src/cli.ts");

export const bench: Bench = {
  about: `${SECONDS} s at ${PER_SECOND} questions/s through gateway and bot client while the token is rotated three times, once killed half-way and run again`,
  async run(print) {
    const stack = await startLocalStack({ env: { LOCAL_SAMPLE_DATA: "false" } });
    try {
      return await soak(stack, print);
    } finally {
      await discard(stack);
    }
  },
};

async function soak(stack: LocalStack, print: (line: string) => void) {
  const file = join(stack.folder, "bot-credentials.env");
  const client = createStatsClient({ url: stack.statsUrl, timeoutMs: 20_000, credentials: fileCredentials(file) });
  const load = startLoad(() => client.query(QUERY, startTrace()));
  const rotate = rotator(stack, file, print);
  const third = (SECONDS * 1_000) / 3;
  for (const isKilled of [false, true, false]) {
    const begunAt = performance.now();
    await sleep(third / 4);
    if (isKilled) await rotate("Rotated");
    await rotate();
    await sleep(Math.max(0, third - (performance.now() - begunAt)));
  }
  const { asked, failed } = await load.stop();
  await client.close();
  const exchanges = stack.log.filter(
    ({ app, msg, credential, path }) =>
      app === "gateway" && msg === "request" && credential === "pair" && path === EXCHANGE,
  ).length;
  print(
    `${asked} questions, ${failed.length} failed, ${exchanges} exchanges${failed[0] ? `; first: ${failed[0]}` : ""}`,
  );
  return [
    { name: "failed questions", value: failed.length, unit: "", better: "less", floor: 0, aim: 0 },
    // One for the bot's start, one for each secret that it picked up, for this client and for the bot itself.
    { name: "exchanges", value: exchanges, unit: "", better: "less", floor: 10, aim: 8 },
  ] as const;
}

const EXCHANGE = "/api/v1/me";
const QUERY = { metric: "signups", range: { from: "2026-11-01", to: "2026-11-08" } } as const;

/** A steady load: what is slow does not slow it down. */
function startLoad(ask: () => Promise<unknown>) {
  let asked = 0;
  const failed: string[] = [];
  const open = new Set<Promise<void>>();
  const timer = setInterval(() => {
    for (let count = 0; count < (PER_SECOND * TICK_MS) / 1_000; count += 1) {
      asked += 1;
      const one = ask().then(
        () => undefined,
        (error: unknown) => void failed.push(String(error)),
      );
      open.add(one);
      void one.then(() => open.delete(one));
    }
  }, TICK_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      return { asked, failed };
    },
  };
}

/** Runs the admin's command as an admin would; kills it as soon as it has said some words. */
function rotator(stack: LocalStack, file: string, print: (line: string) => void) {
  const state = mkdtempSync(join(tmpdir(), "gatehouse-soak-"));
  const admin = parseEnv(readFileSync(join(stack.folder, "admin.env"), "utf8"));
  const verify = ["--verify", `${stack.statsUrl}${EXCHANGE}`];
  const args = [
    "tokens",
    "rotate",
    "stats bot",
    "--overlap",
    "1h",
    "--wait",
    "--quiet",
    "5s",
    "--write",
    `env:${file}`,
  ];
  return async (killAt?: string): Promise<void> => {
    const child = spawn(process.execPath, [CLI, ...args, ...verify], { env: { ...admin, XDG_STATE_HOME: state } });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        text += chunk;
        if (killAt !== undefined && text.includes(killAt)) child.kill("SIGKILL");
      });
    }
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    print(`rotation ${killAt === undefined ? `ended with ${code}` : "killed"}: ${text.trim().replaceAll("\n", " ")}`);
    if (killAt === undefined && code !== 0) throw new RangeError("the rotation failed");
  };
}

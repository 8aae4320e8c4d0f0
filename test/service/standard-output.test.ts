import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

const MODULE = join(import.meta.dirname, "../../service/src/standard-output.ts");

/** Lines of all lengths, some of several bytes a letter, one longer than any batch: less than may wait, more than a pipe takes. */
const lines = Array.from({ length: 3_000 }, (_, index) => {
  const length = index === 1_500 ? 100_000 : (index * 37) % 700;
  return `${index} ${(index % 3 === 0 ? "\u20ac" : "x").repeat(length)}`;
});
const PROGRAM = `
import { openStandardOutput } from ${JSON.stringify(MODULE)};
const output = openStandardOutput();
for (let index = 0; index < 3000; index += 1) {
  const length = index === 1500 ? 100000 : (index * 37) % 700;
  output.write(index + " " + (index % 3 === 0 ? "\u20ac" : "x").repeat(length) + "\\n");
}
setTimeout(() => undefined, 300);`;

test("every line reaches a slow reader whole and in its order, also what is left at the exit", {
  timeout: 30_000,
}, async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  await sleep(500);
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  await closed;
  expect(Buffer.concat(pieces).toString().split("\n")).toEqual([...lines, ""]);
});

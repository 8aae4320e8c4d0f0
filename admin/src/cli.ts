#!/usr/bin/env node
import { setTimeout as sleep } from "node:timers/promises";
import { readEnvironment } from "@gatehouse/service";
import { createAsking } from "./asking.ts";
import { createProgress } from "./output/progress.ts";
import { runProgram } from "./program.ts";

const { stdin, stdout, stderr, env } = process;
const progress = createProgress(stderr, Date.now);

/** Of a program whose reader has gone, as `logs --follow | head` has: what a shell tells of SIGPIPE. */
const EXIT_READER_GONE = 141;
for (const stream of [stdout, stderr]) stream.on("error", () => process.exit(EXIT_READER_GONE));

process.once("SIGINT", () => {
  progress.clear();
  // Its default is to end the process, with the code that shells know.
  process.kill(process.pid, "SIGINT");
});

await runProgram(process.argv.slice(2), {
  env: readEnvironment(),
  now: Date.now,
  sleep: (milliseconds) => sleep(milliseconds),
  print(text) {
    progress.clear();
    stdout.write(text);
  },
  printError(text) {
    progress.clear();
    stderr.write(text);
  },
  showProgress: progress.show,
  hasColour: stdout.isTTY === true && !env["NO_COLOR"] && stdout.hasColors(),
  columns: stdout.isTTY === true ? stdout.columns : undefined,
  ask: stdin.isTTY === true && stderr.isTTY === true ? createAsking() : undefined,
  setExitCode: (code) => {
    process.exitCode = code;
  },
});

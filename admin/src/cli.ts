#!/usr/bin/env node
import { setTimeout as sleep } from "node:timers/promises";
import { readEnvironment } from "@gatehouse/service";
import { createAsking } from "./asking.ts";
import { runProgram } from "./program.ts";

await runProgram(process.argv.slice(2), {
  env: readEnvironment(),
  now: Date.now,
  sleep: (milliseconds) => sleep(milliseconds),
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
  hasColour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  ask: process.stdin.isTTY === true && process.stderr.isTTY === true ? createAsking() : undefined,
  setExitCode: (code) => {
    process.exitCode = code;
  },
});

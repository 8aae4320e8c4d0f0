#!/usr/bin/env node
import { readEnvironment } from "@gatehouse/service";
import { runProgram } from "./program.ts";

await runProgram(process.argv.slice(2), {
  env: readEnvironment(),
  now: Date.now,
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
  hasColour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  setExitCode: (code) => {
    process.exitCode = code;
  },
});

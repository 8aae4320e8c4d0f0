import { setTimeout as sleep } from "node:timers/promises";
import type { Asking } from "../../../admin/src/command-deps.ts";
import { runProgram } from "../../../admin/src/program.ts";

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly ask?: Asking;
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Where what is printed goes as it comes, for a command that does not end. */
  readonly seen?: string[];
  readonly errors?: string[];
}

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** One command line, as a script would run it: nobody to ask, no colours. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { seen: out = [], errors: err = [] } = options;
  let exitCode = 0;
  await runProgram(args, {
    env: options.env ?? {},
    now: options.now ?? Date.now,
    sleep: options.sleep ?? (() => sleep(1)),
    print: (text) => void out.push(text),
    printError: (text) => void err.push(text),
    showProgress: () => undefined,
    hasColour: false,
    columns: undefined,
    ask: options.ask,
    setExitCode: (code) => {
      exitCode = code;
    },
  });
  return { exitCode, out: out.join(""), err: err.join("") };
}

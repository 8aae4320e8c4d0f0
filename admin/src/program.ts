import { Command, CommanderError } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import { createDoctorCommand } from "./doctor/command.ts";

/** sysexits.h: EX_USAGE. */
const EXIT_USAGE = 64;

/**
 * Runs one command line, without the program's own name. Exit codes: 0 healthy, 1 there are findings, 64 wrong usage.
 */
export async function runProgram(args: readonly string[], deps: CommandDeps): Promise<void> {
  const program = new Command("gatehouse")
    .description("The admin's command line of Gatehouse.")
    .addCommand(createDoctorCommand(deps));
  const output = { writeOut: deps.print, writeErr: deps.printError };
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput(output);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    deps.setExitCode(error.exitCode === 0 ? 0 : EXIT_USAGE);
  }
}

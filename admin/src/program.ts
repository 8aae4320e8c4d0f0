import { Command, CommanderError } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import { createCompletionCommand } from "./completion/command.ts";
import { createDoctorCommand } from "./doctor/command.ts";
import { AdminError, type AdminErrorCode } from "./errors.ts";
import { createKeysCommand } from "./keys.ts";
import { createLogsCommand } from "./logs/command.ts";
import { plain } from "./output/paint.ts";
import { createPoliciesCommand } from "./policies.ts";
import { createTokensCommand } from "./tokens/commands.ts";

/** sysexits.h, so that scripts can tell what to do. */
const EXIT_USAGE = 64;
const EXIT_UNAVAILABLE = 69;
const EXIT_NO_PERMISSION = 77;
const EXIT_CONFIG = 78;

const EXIT_CODES: Readonly<Partial<Record<AdminErrorCode, number>>> = {
  ERR_ADMIN_USAGE: EXIT_USAGE,
  ERR_ADMIN_API_UNREACHABLE: EXIT_UNAVAILABLE,
  ERR_ADMIN_API_UNAUTHENTICATED: EXIT_NO_PERMISSION,
  ERR_ADMIN_API_FORBIDDEN: EXIT_NO_PERMISSION,
  ERR_ADMIN_API_TOKEN_MISSING: EXIT_CONFIG,
  ERR_ADMIN_ACCOUNT_MISSING: EXIT_CONFIG,
};

/**
 * Runs one command line, without the program's own name. Exit codes: 0 done (doctor: healthy), 1 it failed (doctor: findings;
 * policies test: refused), 64 wrong usage, 69 the API cannot be reached, 77 the API token may not, 78 a setting is missing.
 */
export async function runProgram(args: readonly string[], deps: CommandDeps): Promise<void> {
  const program = createProgram(deps);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      deps.setExitCode(error.exitCode === 0 ? 0 : EXIT_USAGE);
    } else if (error instanceof AdminError) {
      deps.printError(`${error.code}: ${error.message.split("\n").map(plain).join("\n")}\n`);
      deps.setExitCode(EXIT_CODES[error.code] ?? 1);
    } else {
      throw error;
    }
  }
}

function createProgram(deps: CommandDeps): Command {
  const program = new Command("gatehouse").description("The admin's command line of Gatehouse.");
  for (const create of [createTokensCommand, createKeysCommand, createPoliciesCommand, createLogsCommand]) {
    program.addCommand(create(deps));
  }
  program.addCommand(createDoctorCommand(deps));
  program.addCommand(createCompletionCommand(program, deps));
  throwInstead(program, deps);
  return program;
}

/** Commander would end the process. */
function throwInstead(command: Command, deps: CommandDeps): void {
  command.exitOverride().configureOutput({ writeOut: deps.print, writeErr: deps.printError });
  for (const child of command.commands) throwInstead(child, deps);
}

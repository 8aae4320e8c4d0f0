import type { Environment } from "./config.ts";

/**
 * The process's environment, with the variables of a `.env` file in the working folder added where they are not set already. No file
 * is no problem.
 *
 * The same as `node --env-file-if-exists=.env`, without its notice when there is none.
 */
export function readEnvironment(): Environment {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return process.env;
}

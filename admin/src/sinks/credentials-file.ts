import { readFile, realpath } from "node:fs/promises";
import { parseEnv } from "node:util";
import { CLIENT_ID_NAMES, CLIENT_SECRET_NAMES } from "@gatehouse/access-client/protocol";
import { AdminError } from "../errors.ts";
import { reasonOf } from "../reason-of.ts";
import { envVariablesSink } from "./env-file.ts";
import { fileSink } from "./file.ts";
import type { Pair, Sink } from "./sink.ts";

/**
 * The file that a client of ours reads its pair from (`fileCredentials`), in the form that it has: JSON, or an env file, of which
 * only the two variables change, under the names by which they are there. A symbolic link stays, and what it names is replaced.
 */
export function credentialsFileSink(path: string): Sink {
  return {
    name: `credentials file ${path}`,
    check: async () => (await sinkOf(path)).check(),
    write: async (pair: Pair) => (await sinkOf(path)).write(pair),
  };
}

async function sinkOf(path: string): Promise<Sink> {
  try {
    const target = await realpath(path);
    const text = await readFile(target, "utf8");
    if (text.trimStart().startsWith("{")) return fileSink(target);
    const values = parseEnv(text);
    return envVariablesSink(target, nameIn(values, CLIENT_ID_NAMES), nameIn(values, CLIENT_SECRET_NAMES));
  } catch (cause) {
    throw new AdminError("ERR_ADMIN_SINK", `${path} cannot be read (${reasonOf(cause)}).`, { cause });
  }
}

/** Of several names in one file the client takes the first. */
function nameIn(values: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return names.find((name) => values[name]) ?? names.at(-1) ?? "";
}

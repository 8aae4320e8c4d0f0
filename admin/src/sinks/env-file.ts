import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { AdminError } from "../errors.ts";
import { reasonOf } from "../reason-of.ts";
import { checkSinkFile, replaceSinkFile } from "./atomic-file.ts";
import { setVariable } from "./set-variable.ts";
import type { Sink } from "./sink.ts";

const DEFAULT_NAMES = ["CLOUDFLARE_ACCESS_CLIENT_ID", "CLOUDFLARE_ACCESS_CLIENT_SECRET"] as const;
/** Each byte as it is: a comment in another encoding stays too. */
const ENCODING = "latin1";
const NAME = /^[A-Za-z_]\w*$/;

/**
 * An env file: the two variables are set in their places, and everything else stays as it is, comments and order included.
 *
 * @param spec `PATH`, or `PATH#ID_NAME,SECRET_NAME`
 * @throws {AdminError} `ERR_ADMIN_USAGE`
 */
export function envFileSink(spec: string): Sink {
  const [path = "", names] = spec.split("#", 2);
  const [idName = "", secretName = "", ...more] = names === undefined ? DEFAULT_NAMES : names.split(",");
  if (!path || !NAME.test(idName) || !NAME.test(secretName) || more.length > 0) {
    throw new AdminError("ERR_ADMIN_USAGE", "An env sink is env:PATH or env:PATH#ID_NAME,SECRET_NAME.");
  }
  return envVariablesSink(resolve(path), idName, secretName);
}

/** The two variables of an env file, by their names. */
export function envVariablesSink(path: string, idName: string, secretName: string): Sink {
  return {
    name: `env file ${path}`,
    check: () => checkSinkFile(path),
    async write({ clientId, clientSecret }) {
      const text = setVariable(await readText(path), idName, clientId);
      await replaceSinkFile(path, Buffer.from(setVariable(text, secretName, clientSecret), ENCODING));
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, ENCODING);
  } catch (cause) {
    if (reasonOf(cause) === "ENOENT") return "";
    throw new AdminError("ERR_ADMIN_SINK", `${path} cannot be read (${reasonOf(cause)}).`, { cause });
  }
}

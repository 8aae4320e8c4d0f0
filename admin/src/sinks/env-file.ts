import { readFile } from "node:fs/promises";
import { AdminError } from "../errors.ts";
import { checkFolder, replaceFile } from "./atomic-file.ts";
import type { Sink } from "./sink.ts";

const DEFAULT_NAMES = ["CLOUDFLARE_ACCESS_CLIENT_ID", "CLOUDFLARE_ACCESS_CLIENT_SECRET"] as const;
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
  return envVariablesSink(path, idName, secretName);
}

/** The two variables of an env file, by their names. */
export function envVariablesSink(path: string, idName: string, secretName: string): Sink {
  return {
    name: `env file ${path}`,
    check: () => checkFolder(path),
    async write({ clientId, clientSecret }) {
      const text = await readText(path);
      await replaceFile(path, setVariable(setVariable(text, idName, clientId), secretName, clientSecret));
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new AdminError("ERR_ADMIN_SINK", `${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    });
  }
}

/** Sets one variable where it stands (the last time, for that is the one that counts), else at the end. Pure. */
export function setVariable(text: string, name: string, value: string): string {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const shape = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`);
  const at = lines.findLastIndex((line) => shape.test(line));
  if (at === -1) lines.push(`${name}=${value}`);
  else lines[at] = `${/^\s*(?:export\s+)?/.exec(lines[at] ?? "")?.[0] ?? ""}${name}=${value}`;
  return `${lines.join("\n")}\n`;
}

import { readFile } from "node:fs/promises";
import { AccessRequestError } from "../request-error.ts";
import { fileCredentials } from "./file.ts";
import { parseCredentials } from "./parse-credentials.ts";
import type { CredentialSource, Credentials } from "./source.ts";
import { watchFiles } from "./watch-files.ts";

const WHOLE = "CLOUDFLARE_ACCESS_CREDENTIALS";
const NAMES = ["CLOUDFLARE_ACCESS_CLIENT_ID", "CLOUDFLARE_ACCESS_CLIENT_SECRET"] as const;
const WATCH_INTERVAL_MS = 1_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The pair from `CLOUDFLARE_ACCESS_CLIENT_ID` and `CLOUDFLARE_ACCESS_CLIENT_SECRET` (wrangler's names), or both in one from
 * `CLOUDFLARE_ACCESS_CREDENTIALS` (JSON). Each may come from the file that the same name with `_FILE` points to; files are
 * watched, so that a rotation may rewrite them.
 *
 * @param env Default: `process.env`.
 */
export function environmentCredentials(env: Environment = process.env): CredentialSource {
  const whole = env[`${WHOLE}_FILE`] || undefined;
  const file = whole === undefined ? undefined : fileCredentials(whole);
  return {
    name: "environment",
    async read() {
      refuseTwoSources(env);
      if (file !== undefined) return file.read();
      const text = env[WHOLE] || undefined;
      return text === undefined ? readHalves(env) : parseWhole(text);
    },
    watch(onChange) {
      if (file?.watch !== undefined) return file.watch(onChange);
      const files = NAMES.flatMap((name) => env[`${name}_FILE`] || []);
      return files.length === 0 ? () => undefined : watchFiles(files, WATCH_INTERVAL_MS, onChange);
    },
  };
}

function refuseTwoSources(env: Environment): void {
  const given = [WHOLE, `${WHOLE}_FILE`, ...NAMES.flatMap((name) => [name, `${name}_FILE`])].filter(
    (name) => env[name],
  );
  const [first, second] = [given.find((name) => name.startsWith(WHOLE)), given.findLast((name) => name !== WHOLE)];
  if (first === undefined || second === undefined || first === second) return;
  throw new AccessRequestError("ERR_ACCESS_CREDENTIALS_UNREADABLE", `Both ${first} and ${second} are set; keep one.`);
}

function parseWhole(text: string): Credentials {
  try {
    return parseCredentials(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "it cannot be read";
    throw new AccessRequestError("ERR_ACCESS_CREDENTIALS_UNREADABLE", `${WHOLE} cannot be used: ${why}.`, { cause });
  }
}

async function readHalves(env: Environment): Promise<Credentials> {
  const [clientId, clientSecret] = await Promise.all([readVariable(env, NAMES[0]), readVariable(env, NAMES[1])]);
  return { clientId, clientSecret };
}

async function readVariable(env: Environment, name: string): Promise<string> {
  const value = env[name] || undefined;
  const file = env[`${name}_FILE`] || undefined;
  if (value !== undefined && file !== undefined) {
    throw new AccessRequestError(
      "ERR_ACCESS_CREDENTIALS_UNREADABLE",
      `Both ${name} and ${name}_FILE are set; keep one.`,
    );
  }
  const text = value ?? (file === undefined ? "" : await readSecretFile(name, file));
  if (text === "") throw new AccessRequestError("ERR_ACCESS_CREDENTIALS_MISSING", `${name} is not set.`);
  return text;
}

async function readSecretFile(name: string, file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    const message = `The file of ${name}_FILE cannot be read.`;
    throw new AccessRequestError("ERR_ACCESS_CREDENTIALS_UNREADABLE", message, { cause });
  }
}

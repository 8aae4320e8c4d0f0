import { readFile } from "node:fs/promises";
import { AccessRequestError } from "../request-error.ts";
import type { CredentialSource } from "./source.ts";
import { watchFiles } from "./watch-files.ts";

const NAMES = ["CLOUDFLARE_ACCESS_CLIENT_ID", "CLOUDFLARE_ACCESS_CLIENT_SECRET"] as const;
const WATCH_INTERVAL_MS = 1_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The pair from `CLOUDFLARE_ACCESS_CLIENT_ID` and `CLOUDFLARE_ACCESS_CLIENT_SECRET` (wrangler's names), or from the files
 * that the same names with `_FILE` point to, which are watched, so that a rotation may rewrite them.
 *
 * @param env Default: `process.env`.
 */
export function environmentCredentials(env: Environment = process.env): CredentialSource {
  return {
    name: "environment",
    async read() {
      const [clientId, clientSecret] = await Promise.all([
        readVariable(env, "CLOUDFLARE_ACCESS_CLIENT_ID"),
        readVariable(env, "CLOUDFLARE_ACCESS_CLIENT_SECRET"),
      ]);
      return { clientId, clientSecret };
    },
    watch(onChange) {
      const files = NAMES.map((name) => env[`${name}_FILE`]).filter((file) => file !== undefined && file !== "");
      return files.length === 0 ? () => undefined : watchFiles(files as string[], WATCH_INTERVAL_MS, onChange);
    },
  };
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

import { readFile } from "node:fs/promises";
import { AccessRequestError } from "../request-error.ts";
import type { CredentialSource } from "./source.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The pair from `CLOUDFLARE_ACCESS_CLIENT_ID` and `CLOUDFLARE_ACCESS_CLIENT_SECRET` (wrangler's names), or from the files
 * that the same names with `_FILE` point to, which are read anew each time, so that a rotation may rewrite them.
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

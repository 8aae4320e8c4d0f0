import { readFile } from "node:fs/promises";
import { AccessRequestError } from "../request-error.ts";
import { parseCredentials } from "./parse-credentials.ts";
import type { CredentialSource, Credentials } from "./source.ts";
import { watchFiles } from "./watch-files.ts";

export interface FileCredentialsOptions {
  /** How often the file is looked at, 10 to 600,000. Default 1,000. */
  readonly intervalMs?: number;
}

const DEFAULT_INTERVAL_MS = 1_000;
/** A file that is being written is whole again after a moment. */
const RETRIES = 3;
const RETRY_MS = 50;
/**
 * The pair from one file, JSON (`{ "client_id": …, "client_secret": … }`) or an env file
 * (`CLOUDFLARE_ACCESS_CLIENT_ID=…`). It is watched: a rotation that rewrites it is in use within a second.
 *
 * @throws {TypeError} on an impossible option
 */
export function fileCredentials(path: string, options: FileCredentialsOptions = {}): CredentialSource {
  const { intervalMs = DEFAULT_INTERVAL_MS } = options;
  if (!path) throw new TypeError("fileCredentials needs the path of a file.");
  if (!(intervalMs >= 10 && intervalMs <= 600_000)) throw new TypeError("intervalMs must be from 10 to 600000.");
  return {
    name: `file ${path}`,
    read: () => readPatiently(path),
    watch: (onChange) => watchFiles([path], intervalMs, onChange),
  };
}

async function readPatiently(path: string): Promise<Credentials> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return parseCredentials(await readFile(path, "utf8"));
    } catch (cause) {
      if (attempt >= RETRIES) throw unreadable(path, cause);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function unreadable(path: string, cause: unknown): AccessRequestError {
  const code = (cause as NodeJS.ErrnoException).code;
  const why = code ?? (cause instanceof Error ? cause.message : "it cannot be read");
  const message = `The credentials file ${path} cannot be used: ${why}.`;
  return new AccessRequestError("ERR_ACCESS_CREDENTIALS_UNREADABLE", message, { cause });
}

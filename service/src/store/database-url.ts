import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the state is: a SQLite file for one process, Postgres for several. */
export type DatabaseAddress =
  | { readonly engine: "sqlite"; readonly file: string }
  | { readonly engine: "postgres"; readonly url: string };

const POSTGRES = /^postgres(?:ql)?:\/\//;

/**
 * Reads `file:PATH` (relative to the working directory), `file:///ABSOLUTE`, `postgres://…` or `postgresql://…`.
 * Undefined for anything else.
 */
export function parseDatabaseUrl(databaseUrl: string): DatabaseAddress | undefined {
  if (POSTGRES.test(databaseUrl)) {
    return URL.canParse(databaseUrl) ? { engine: "postgres", url: databaseUrl } : undefined;
  }
  if (databaseUrl.startsWith("file://")) return { engine: "sqlite", file: fileURLToPath(databaseUrl) };
  const [, path] = /^file:(.+)$/.exec(databaseUrl) ?? [];
  return path === undefined ? undefined : { engine: "sqlite", file: resolve(path) };
}

/** The address for messages and logs: without the password, and without parameters, which may hold one too. */
export function describeAddress(address: DatabaseAddress): string {
  if (address.engine === "sqlite") return `file:${address.file}`;
  const { username, host, pathname } = new URL(address.url);
  return `postgres://${username === "" ? "" : `${username}@`}${host}${pathname}`;
}

import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import type { TokenCache } from "./token-cache.ts";

type Entries = Readonly<Record<string, { readonly value: string; readonly expiresAtMs: number }>>;

/**
 * A token cache in one file that only its owner may read (0600), replaced as a whole, so that no reader sees half of it.
 * Several processes may share it; when two write at once, the later one wins, and the other exchanges once more.
 *
 * @param now milliseconds since 1970; default `Date.now`
 */
export function fileTokenCache(path: string, now: () => number = Date.now): TokenCache {
  if (!path) throw new TypeError("fileTokenCache needs the path of a file.");
  return {
    get: async (key) => (await readEntries(path))[key]?.value,
    async set(key, value, expiresAtMs) {
      const live = Object.entries(await readEntries(path)).filter(([, entry]) => entry.expiresAtMs > now());
      await replace(path, JSON.stringify({ ...Object.fromEntries(live), [key]: { value, expiresAtMs } }));
    },
  };
}

async function readEntries(path: string): Promise<Entries> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Entries;
  } catch {
    return {};
  }
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: "wx" });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { replaceFile } from "../sinks/atomic-file.ts";
import type { Pair } from "../sinks/sink.ts";

/**
 * How far a rotation has come, written before and after each step. The new secret is in it only from the API's answer until
 * the sink has it: a crash in between must not lose it.
 */
export interface JournalEntry {
  readonly tokenId: string;
  readonly step: "rotating" | "writing" | "proving" | "waiting";
  /** The version before the rotation; undefined where the API does not tell. */
  readonly fromVersion: number | undefined;
  readonly overlapEndsAt: string;
  readonly sink: string;
  readonly startedAt: string;
  readonly pair?: Pair;
}

export interface Journal {
  read(tokenId: string): Promise<JournalEntry | undefined>;
  write(entry: JournalEntry): Promise<void>;
  remove(tokenId: string): Promise<void>;
}

/** Where a person's own journals are: `$XDG_STATE_HOME/gatehouse`, by default `~/.local/state/gatehouse`. */
export function journalFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "gatehouse");
}

/** A file per API and token in the folder, which is made when it is needed; only its owner may read them. */
export function openJournal(baseUrl: string, folder: string): Journal {
  const fileOf = (tokenId: string) => {
    const name = createHash("sha256").update(`${baseUrl}\n${tokenId}`).digest("hex").slice(0, 32);
    return join(folder, `rotation-${name}.json`);
  };
  return {
    async read(tokenId) {
      try {
        return JSON.parse(await readFile(fileOf(tokenId), "utf8")) as JournalEntry;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    async write(entry) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await replaceFile(fileOf(entry.tokenId), JSON.stringify(entry));
    },
    remove: (tokenId) => rm(fileOf(tokenId), { force: true }),
  };
}

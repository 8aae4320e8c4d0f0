import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { makePrivateFolder, replaceFile } from "@gatehouse/service";
import { AdminError } from "../errors.ts";
import { reasonOf } from "../reason-of.ts";
import type { Pair } from "../sinks/sink.ts";
import { holdLock } from "./lock.ts";

const STEPS = ["rotating", "writing", "proving", "waiting"] as const;

/**
 * How far a rotation has come, written before and after each step. The new secret is in it only from the API's answer until
 * the sink has it: a crash in between must not lose it.
 */
export interface JournalEntry {
  readonly tokenId: string;
  readonly step: (typeof STEPS)[number];
  /** The version before the rotation; undefined where the API does not tell. */
  readonly fromVersion: number | undefined;
  /** The version that it made; absent before that, and where the API does not tell. */
  readonly version?: number;
  readonly overlapEndsAt: string;
  readonly sink: string;
  /** By the API's clock. */
  readonly startedAt: string;
  readonly pair?: Pair;
  /** Whether the bot was seen with the new secret. */
  readonly isTakenUp?: boolean;
}

/** All throw {AdminError} `ERR_ADMIN_JOURNAL`. */
export interface Journal {
  read(tokenId: string): Promise<JournalEntry | undefined>;
  write(entry: JournalEntry): Promise<void>;
  remove(tokenId: string): Promise<void>;
  /** Whether any rotation was begun here and not finished, of whichever token. */
  hasEntries(): Promise<boolean>;
  /** Runs work while no other process of this machine rotates the same token; a process that dies lets go of it. */
  alone<Result>(tokenId: string, work: () => Promise<Result>): Promise<Result>;
}

/** Where a person's own journals are: `$XDG_STATE_HOME/gatehouse`, by default `~/.local/state/gatehouse`. */
export function journalFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "gatehouse");
}

/** A file per API and token in the folder, which is made when it is needed; only its owner may read them. */
export function openJournal(baseUrl: string, folder: string): Journal {
  const fileOf = (tokenId: string, kind: "json" | "lock" = "json") => {
    const name = createHash("sha256").update(`${baseUrl}\n${tokenId}`).digest("hex").slice(0, 32);
    return join(folder, `rotation-${name}.${kind}`);
  };
  return {
    async read(tokenId) {
      const file = fileOf(tokenId);
      const text = await readFile(file, "utf8").catch((error: unknown) => {
        if (reasonOf(error) === "ENOENT") return undefined;
        throw failure(`${file} cannot be read (${reasonOf(error)}): mend its rights, and run the same again.`, error);
      });
      return text === undefined ? undefined : parseEntry(file, tokenId, text);
    },
    async write(entry) {
      const file = fileOf(entry.tokenId);
      try {
        await replaceFile(file, JSON.stringify(entry));
      } catch (error) {
        throw failure(`${file} cannot be written (${reasonOf(error)}): mend that, and run the same again.`, error);
      }
    },
    remove: (tokenId) => rm(fileOf(tokenId), { force: true }),
    async hasEntries() {
      const names = await readdir(folder).catch(() => []);
      return names.some((name) => name.endsWith(".json"));
    },
    async alone(tokenId, work) {
      const release = await claim(folder, fileOf(tokenId, "lock"));
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}

async function claim(folder: string, file: string): Promise<() => void> {
  try {
    makePrivateFolder(folder);
    const release = holdLock(file);
    if (release !== undefined) return release;
  } catch (error) {
    const message = `The folder of the journal, ${folder}, cannot be used (${reasonOf(error)}): mend it, or set XDG_STATE_HOME.`;
    throw failure(message, error);
  }
  throw new AdminError("ERR_ADMIN_ROTATION", "Another process of this machine is rotating this token: let it finish.");
}

function parseEntry(file: string, tokenId: string, text: string): JournalEntry {
  const value = parseJson(text) as Partial<JournalEntry> | undefined;
  const { step, sink, startedAt, overlapEndsAt, pair } = value ?? {};
  const hasTexts = [sink, startedAt, overlapEndsAt].every((part) => typeof part === "string");
  const hasPair = typeof pair?.clientId === "string" && typeof pair.clientSecret === "string";
  const isWhole = value?.tokenId === tokenId && STEPS.some((one) => one === step) && hasTexts;
  if (isWhole && (hasPair || (pair === undefined && step !== "writing"))) return value as JournalEntry;
  const advice =
    "The old secret works until its overlap ends. Move the file away and rotate again; if that is refused, see --force.";
  throw failure(`${file}, the journal of a rotation that did not finish, is damaged. ${advice}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(message: string, cause?: unknown): AdminError {
  return new AdminError("ERR_ADMIN_JOURNAL", message, { cause });
}

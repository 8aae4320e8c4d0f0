import type { Logger } from "@gatehouse/service";
import type { Kysely, Transaction } from "kysely";
import { parseDatabaseUrl } from "./database-url.ts";
import { appendChange } from "./dialect.ts";
import { listenForChanges } from "./notifications.ts";
import type { Schema } from "./schema.ts";
import type { Store } from "./store.ts";

/** What may change while gateways run. The key says which one: a token's id, a session's id, a key's kid. */
export type ChangeKind =
  | "service_token"
  | "session"
  | "signing_key"
  | "application"
  | "policy"
  | "group"
  | "identity_provider"
  | "organization"
  | "revocation"
  | "api_token";

type Listener = (key: string) => Promise<void> | void;

/** How far what is in memory may be believed. */
export type StoreTrust =
  /** All changes up to a moment ago are in force. */
  | "current"
  /** The store does not answer. What is known is believed for a while; what is not known cannot be told from what is new. */
  | "grace"
  /** It has not answered for longer than that: everything may have been revoked by now. */
  | "none";

/** Tells this process what any process changed in the store, so that nothing else has to read it per request. */
export interface ChangeFeed {
  /** Listeners of one kind run in the order of the changes. */
  subscribe(kind: ChangeKind, listener: Listener): void;
  /** Runs after every batch of changes has been applied. */
  onApplied(listener: () => void): void;
  /**
   * Applies everything committed so far; called after a write of our own, so that it is in force when the call returns. Does not
   * fail, for the write has happened: what cannot be read now is applied when the store answers.
   */
  poll(): Promise<void>;
  /** Asked with every request: from memory. */
  trust(): StoreTrust;
  /** For readiness and metrics: 0 while the store answers, else for how long it has not. */
  staleForMs(): number;
  close(): void;
}

export interface ChangeFeedDeps {
  readonly store: Store;
  readonly logger: Logger;
  readonly now: () => number;
  /** Of the store. Where it is Postgres, changes are also listened for; without it there is the poll alone. */
  readonly databaseUrl?: string;
  /** How long known tokens and sessions are believed without the store. Default 300,000. */
  readonly graceMs?: number;
}

/** Five times quicker than the promised second, and far below what a read of an index costs. */
const POLL_INTERVAL_MS = 200;
/** Where changes are listened for, the poll is for those that a broken connection hid. */
const POLL_BEHIND_INTERVAL_MS = 500;
/** Without an answer for so long, the store counts as gone. Above what a busy moment takes. */
const STALE_AFTER_MS = 2_000;
const DEFAULT_GRACE_MS = 5 * 60_000;
/** Changes older than this have been seen by every process that still runs … */
const KEEP_CHANGES_MS = 7 * 24 * 3_600_000;
/** … and so many are kept whatever their age, for a clock may jump. */
const KEEP_CHANGES = 10_000;
const PRUNE_INTERVAL_MS = 3_600_000;

/** Notes a change. Must be the first statement of its transaction: a write takes SQLite's lock at once, a read may not upgrade. */
export async function recordChange(
  transaction: Transaction<Schema> | Kysely<Schema>,
  kind: ChangeKind,
  key: string,
  nowMs: number,
): Promise<void> {
  await appendChange(transaction, { kind, key, at: new Date(nowMs).toISOString() });
}

export async function openChangeFeed(deps: ChangeFeedDeps): Promise<ChangeFeed> {
  const last = await deps.store.selectFrom("changes").selectAll().orderBy("seq", "desc").limit(1).executeTakeFirst();
  return new FollowedChanges(deps, last);
}

interface Change {
  readonly seq: number;
  readonly kind: string;
  readonly key: string;
  readonly at: string;
}

class FollowedChanges implements ChangeFeed {
  readonly #deps: ChangeFeedDeps;
  readonly #listeners: [ChangeKind, Listener][] = [];
  readonly #appliedListeners: (() => void)[] = [];
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #stopListening: () => void;
  readonly #graceMs: number;
  #last: Change | undefined;
  #running: Promise<void> | undefined;
  #queued: Promise<void> | undefined;
  #answeredAtMs = performance.now();
  #loggedTrust: StoreTrust = "current";
  #lastError: unknown;
  #isClosed = false;

  constructor(deps: ChangeFeedDeps, last: Change | undefined) {
    this.#deps = deps;
    this.#last = last;
    this.#graceMs = deps.graceMs ?? DEFAULT_GRACE_MS;
    const address = deps.databaseUrl === undefined ? undefined : parseDatabaseUrl(deps.databaseUrl);
    const isListening = address?.engine === "postgres";
    const intervalMs = isListening ? POLL_BEHIND_INTERVAL_MS : POLL_INTERVAL_MS;
    this.#timers = [
      setInterval(() => this.#tick(), intervalMs).unref(),
      setInterval(() => this.#prune(), PRUNE_INTERVAL_MS).unref(),
    ];
    this.#stopListening = isListening
      ? listenForChanges(address.url, { logger: deps.logger, onChange: () => void this.poll() })
      : () => undefined;
    this.#prune();
  }

  subscribe(kind: ChangeKind, listener: Listener): void {
    this.#listeners.push([kind, listener]);
  }

  onApplied(listener: () => void): void {
    this.#appliedListeners.push(listener);
  }

  /** A poll under way may have read before the caller's commit, the one queued behind it has not: it serves all who wait. */
  poll(): Promise<void> {
    this.#queued ??= (this.#running ?? Promise.resolve()).then(() => {
      this.#queued = undefined;
      this.#running = this.#apply()
        .catch((error: unknown) => {
          this.#lastError = error;
        })
        .finally(() => {
          this.#running = undefined;
        });
      return this.#running;
    });
    return this.#queued;
  }

  trust(): StoreTrust {
    const silentForMs = performance.now() - this.#answeredAtMs;
    if (silentForMs < STALE_AFTER_MS) return "current";
    return silentForMs < this.#graceMs ? "grace" : "none";
  }

  staleForMs(): number {
    return this.trust() === "current" ? 0 : Math.round(performance.now() - this.#answeredAtMs);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#stopListening();
  }

  #tick(): void {
    if (this.#running === undefined) void this.poll();
    this.#tellTrust();
  }

  #tellTrust(): void {
    const trust = this.trust();
    if (trust === this.#loggedTrust) return;
    this.#loggedTrust = trust;
    const { logger } = this.#deps;
    const facts = { err: this.#lastError, graceMs: this.#graceMs };
    if (trust === "current") logger.info("the store answers again");
    else if (trust === "grace") logger.error(facts, "the store does not answer: only what is known is let in");
    else logger.error(facts, "the store has not answered for too long: nobody is let in until it does");
  }

  async #apply(): Promise<void> {
    if (this.#isClosed) return;
    const beganAtMs = performance.now();
    const changes = await this.#readChanges();
    for (const change of changes) {
      for (const [kind, listener] of this.#listeners) {
        if (kind === change.kind) await listener(change.key);
      }
      this.#last = change;
    }
    this.#answeredAtMs = beganAtMs;
    if (changes.length > 0) for (const listener of this.#appliedListeners) listener();
  }

  /** Reads the last known change once more: where it is not as it was, the numbers do not continue from it. */
  async #readChanges(): Promise<readonly Change[]> {
    const last = this.#last;
    const changes = await this.#deps.store
      .selectFrom("changes")
      .selectAll()
      .where("seq", ">=", last?.seq ?? 0)
      .orderBy("seq")
      .execute();
    if (last === undefined) return changes;
    const [known, ...news] = changes;
    if (known?.seq === last.seq && known.at === last.at && known.key === last.key) return news;
    throw new Error("the database is not the one it was (restored, or emptied): restart the gateway");
  }

  #prune(): void {
    const { store, now, logger } = this.#deps;
    const horizon = new Date(now() - KEEP_CHANGES_MS).toISOString();
    const old = store.deleteFrom("changes").where("at", "<", horizon);
    old
      .where("seq", "<", (this.#last?.seq ?? 0) - KEEP_CHANGES)
      .execute()
      .catch((error: unknown) => {
        if (!this.#isClosed) logger.warn({ err: error }, "old changes were not deleted");
      });
  }
}

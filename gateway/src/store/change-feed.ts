import type { Logger } from "@gatehouse/service";
import type { Kysely, Transaction } from "kysely";
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

/** Tells this process what any process changed in the store, so that nothing else has to read it per request. */
export interface ChangeFeed {
  /** Listeners of one kind run in the order of the changes. */
  subscribe(kind: ChangeKind, listener: Listener): void;
  /** Runs after every batch of changes has been applied. */
  onApplied(listener: () => void): void;
  /** Applies everything committed so far; called after a write of our own, so that it is in force when the call returns. */
  poll(): Promise<void>;
  /** False when the store has not answered for several polls: what we remember may be revoked by now. */
  isCurrent(): boolean;
  close(): void;
}

export interface ChangeFeedDeps {
  readonly store: Store;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Five times quicker than the promised second, and far below what a read of an index costs. */
const POLL_INTERVAL_MS = 200;
/** So many failed polls in a row, and the memory of tokens and sessions is no longer believed. */
const MAX_FAILED_POLLS = 5;
/** Changes older than this have been seen by every process that still runs. */
const KEEP_CHANGES_MS = 7 * 24 * 3_600_000;

/** Notes a change. Must be the first statement of its transaction: a write takes SQLite's lock at once, a read may not upgrade. */
export async function recordChange(
  transaction: Transaction<Schema> | Kysely<Schema>,
  kind: ChangeKind,
  key: string,
  nowMs: number,
): Promise<void> {
  await transaction
    .insertInto("changes")
    .values({ kind, key, at: new Date(nowMs).toISOString() })
    .execute();
}

export async function openChangeFeed(deps: ChangeFeedDeps): Promise<ChangeFeed> {
  const feed = new PollingChangeFeed(deps, await lastChange(deps.store));
  const horizon = new Date(deps.now() - KEEP_CHANGES_MS).toISOString();
  await deps.store.deleteFrom("changes").where("at", "<", horizon).execute();
  return feed;
}

async function lastChange(store: Store): Promise<number> {
  const row = await store
    .selectFrom("changes")
    .select((eb) => eb.fn.max("seq").as("last"))
    .executeTakeFirst();
  return row?.last ?? 0;
}

class PollingChangeFeed implements ChangeFeed {
  readonly #deps: ChangeFeedDeps;
  readonly #listeners: [ChangeKind, Listener][] = [];
  readonly #appliedListeners: (() => void)[] = [];
  readonly #timer: NodeJS.Timeout;
  #lastSeq: number;
  #failedPolls = 0;
  #tail: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(deps: ChangeFeedDeps, lastSeq: number) {
    this.#deps = deps;
    this.#lastSeq = lastSeq;
    this.#timer = setInterval(() => this.#pollInBackground(), POLL_INTERVAL_MS).unref();
  }

  subscribe(kind: ChangeKind, listener: Listener): void {
    this.#listeners.push([kind, listener]);
  }

  onApplied(listener: () => void): void {
    this.#appliedListeners.push(listener);
  }

  /** One after the other: a poll already under way may have read before the caller's commit. */
  poll(): Promise<void> {
    const next = this.#tail.then(() => this.#apply());
    this.#tail = next.catch(() => undefined);
    return next;
  }

  isCurrent(): boolean {
    return this.#failedPolls < MAX_FAILED_POLLS;
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  #pollInBackground(): void {
    this.poll().catch((error: unknown) => {
      this.#failedPolls += 1;
      if (this.#failedPolls === MAX_FAILED_POLLS) {
        this.#deps.logger.error({ err: error }, "the store does not answer: refusing everyone until it does");
      }
    });
  }

  async #apply(): Promise<void> {
    if (this.#isClosed) return;
    const { store } = this.#deps;
    const changes = await store
      .selectFrom("changes")
      .selectAll()
      .where("seq", ">", this.#lastSeq)
      .orderBy("seq")
      .execute();
    for (const change of changes) {
      for (const [kind, listener] of this.#listeners) {
        if (kind === change.kind) await listener(change.key);
      }
      this.#lastSeq = change.seq;
    }
    this.#failedPolls = 0;
    if (changes.length > 0) for (const listener of this.#appliedListeners) listener();
  }
}

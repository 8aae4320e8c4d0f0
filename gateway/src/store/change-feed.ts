import type { Logger } from "@gatehouse/service";
import { parseDatabaseUrl } from "@gatehouse/service/store";
import type { Kysely, Transaction } from "kysely";
import { appendChange } from "./append-change.ts";
import { listenForChanges } from "./notifications.ts";
import { type Change, deleteOldChanges, readChangesAfter, readLastChange } from "./recorded-changes.ts";
import type { Schema } from "./schema.ts";
import type { Store } from "./store.ts";
import { type StoreTrust, TrustGauge } from "./store-trust.ts";

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
const DEFAULT_GRACE_MS = 5 * 60_000;
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
  return new FollowedChanges(deps, await readLastChange(deps.store));
}

class FollowedChanges implements ChangeFeed {
  readonly #deps: ChangeFeedDeps;
  readonly #listeners: [ChangeKind, Listener][] = [];
  readonly #appliedListeners: (() => void)[] = [];
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #stopListening: () => void;
  readonly #trust: TrustGauge;
  #last: Change | undefined;
  #running: Promise<void> | undefined;
  #queued: Promise<void> | undefined;
  /** Whether changes were taken that `onApplied` has not been told of. */
  #hasNews = false;
  #lastError: unknown;
  #isClosed = false;

  constructor(deps: ChangeFeedDeps, last: Change | undefined) {
    this.#deps = deps;
    this.#last = last;
    this.#trust = new TrustGauge(deps.graceMs ?? DEFAULT_GRACE_MS, deps.logger);
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
    return this.#trust.read();
  }

  staleForMs(): number {
    return this.#trust.staleForMs();
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#stopListening();
  }

  #tick(): void {
    if (this.#running === undefined) void this.poll();
    this.#trust.tell(this.#lastError);
  }

  async #apply(): Promise<void> {
    if (this.#isClosed) return;
    let beganAtMs: number;
    let changes: readonly Change[];
    do {
      beganAtMs = performance.now();
      changes = await readChangesAfter(this.#deps.store, this.#last);
      for (const change of changes) await this.#take(change);
    } while (changes.length > 0);
    if (this.#hasNews) for (const listener of this.#appliedListeners) listener();
    this.#hasNews = false;
    this.#trust.answered(beganAtMs);
  }

  async #take(change: Change): Promise<void> {
    for (const [kind, listener] of this.#listeners) {
      if (kind === change.kind) await listener(change.key);
    }
    this.#last = change;
    this.#hasNews = true;
  }

  #prune(): void {
    const { store, now, logger } = this.#deps;
    deleteOldChanges(store, this.#last, now()).catch((error: unknown) => {
      if (!this.#isClosed) logger.warn({ err: error }, "old changes were not deleted");
    });
  }
}

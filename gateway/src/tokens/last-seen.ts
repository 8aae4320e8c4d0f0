import { setImmediate } from "node:timers/promises";
import type { Logger } from "@gatehouse/service";
import { sql, type Transaction } from "kysely";
import { recordChange } from "../store/change-feed.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { TokenDirectory } from "./token-directory.ts";

/** Remembers who was seen, and writes it now and then: a request never waits for it. */
export interface LastSeen {
  touch(tokenId: string, secretVersion: number): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** An admin looks at this in minutes, not in seconds. */
const FLUSH_INTERVAL_MS = 5_000;
/** So many tokens in one statement: requests get their turn in between. */
const STATEMENT_TOKENS = 100;
/** … and in one transaction. Each writes the pages that it touched and waits for the disk, and others that write wait for it. */
const TRANSACTION_TOKENS = 1_000;

export interface LastSeenDeps {
  readonly store: Store;
  readonly directory: TokenDirectory;
  readonly logger: Logger;
  readonly now: () => number;
}

/** A version of a secret that was used, and when last. */
interface Use {
  readonly version: number;
  atMs: number;
}

/** By token. At most two versions of its secret live, and only the first touch makes something new. */
type Seen = Map<string, Use[]>;
type Batch = readonly [string, readonly Use[]][];

export function createLastSeen(deps: LastSeenDeps): LastSeen {
  let pending: Seen = new Map();
  const touch = (tokenId: string, version: number, atMs: number) => {
    const uses = pending.get(tokenId);
    const use = uses?.find((one) => one.version === version);
    if (use !== undefined) use.atMs = Math.max(use.atMs, atMs);
    else if (uses !== undefined) uses.push({ version, atMs });
    else pending.set(tokenId, [{ version, atMs }]);
  };
  const flush = async () => {
    // In one order on all gateways: two that write the same tokens must not wait for each other in a circle.
    const seen = [...pending].sort(([a], [b]) => (a < b ? -1 : 1));
    pending = new Map();
    while (seen.length > 0) {
      const batch = seen.splice(0, TRANSACTION_TOKENS);
      try {
        await write(deps, batch);
      } catch (error) {
        // Kept for the next time: the memory for it is bounded by the number of tokens.
        for (const [tokenId, uses] of [...batch, ...seen]) {
          for (const { version, atMs } of uses) touch(tokenId, version, atMs);
        }
        throw error;
      }
      if (seen.length > 0) await setImmediate();
    }
  };
  let tail = Promise.resolve();
  const flushInTurn = () => {
    const next = tail.then(flush);
    tail = next.catch(() => undefined);
    return next;
  };
  const flushInBackground = () =>
    flushInTurn().catch((error: unknown) =>
      deps.logger.warn({ err: error }, "last use of service tokens was not written"),
    );
  const timer = setInterval(flushInBackground, FLUSH_INTERVAL_MS).unref();
  return {
    touch: (tokenId, version) => touch(tokenId, version, deps.now()),
    flush: flushInTurn,
    async close() {
      clearInterval(timer);
      await flushInBackground();
    },
  };
}

async function write({ store, directory, now }: LastSeenDeps, batch: Batch) {
  await store.transaction().execute(async (transaction) => {
    for (const [tokenId, uses] of batch) {
      // All gateways must know that a new secret is in use: then the old one should not be any more.
      if (isNews(directory, tokenId, uses)) await recordChange(transaction, "service_token", tokenId, now());
    }
    for (let start = 0; start < batch.length; start += STATEMENT_TOKENS) {
      if (start > 0) await setImmediate();
      const rows = batch.slice(start, start + STATEMENT_TOKENS);
      await writeSecrets(transaction, rows);
      await writeTokens(transaction, rows);
    }
  });
}

/** One statement for all: one for each token takes three times as long. */
async function writeTokens(transaction: Transaction<Schema>, batch: Batch): Promise<void> {
  const latest = (uses: readonly Use[]) => Math.max(...uses.map(({ atMs }) => atMs));
  const rows = batch.map(([tokenId, uses]) => sql`(${tokenId}, ${instant(latest(uses))})`);
  await sql`
    UPDATE service_tokens SET last_seen_at = seen.column2
    FROM (VALUES ${sql.join(rows)}) AS seen WHERE service_tokens.id = seen.column1`.execute(transaction);
}

async function writeSecrets(transaction: Transaction<Schema>, batch: Batch): Promise<void> {
  const rows = batch.flatMap(([tokenId, uses]) =>
    uses.map(({ version, atMs }) => sql`(${tokenId}, CAST(${version} AS integer), ${instant(atMs)})`),
  );
  await sql`
    UPDATE service_token_secrets SET last_seen_at = seen.column3
    FROM (VALUES ${sql.join(rows)}) AS seen
    WHERE service_token_secrets.token_id = seen.column1 AND service_token_secrets.version = seen.column2`.execute(
    transaction,
  );
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function isNews(directory: TokenDirectory, tokenId: string, uses: readonly Use[]): boolean {
  const secrets = directory.byId(tokenId)?.secrets ?? [];
  return secrets.some(({ version, isSeen }) => !isSeen && uses.some((use) => use.version === version));
}

import type { Logger } from "@gatehouse/service";
import type { Store } from "../store/store.ts";

/** Remembers who was seen, and writes it now and then: a request never waits for it. */
export interface LastSeen {
  touch(tokenId: string, secretVersion: number): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** An admin looks at this in minutes, not in seconds. */
const FLUSH_INTERVAL_MS = 5_000;

export interface LastSeenDeps {
  readonly store: Store;
  readonly logger: Logger;
  readonly now: () => number;
}

export function createLastSeen(deps: LastSeenDeps): LastSeen {
  let pending = new Map<string, { tokenId: string; version: number; atMs: number }>();
  const flush = async () => {
    if (pending.size === 0) return;
    const seen = [...pending.values()];
    pending = new Map();
    await deps.store.transaction().execute(async (transaction) => {
      for (const { tokenId, version, atMs } of seen) {
        const last_seen_at = new Date(atMs).toISOString();
        await transaction.updateTable("service_tokens").set({ last_seen_at }).where("id", "=", tokenId).execute();
        await transaction
          .updateTable("service_token_secrets")
          .set({ last_seen_at })
          .where("token_id", "=", tokenId)
          .where("version", "=", version)
          .execute();
      }
    });
  };
  const flushInBackground = () =>
    flush().catch((error: unknown) => deps.logger.warn({ err: error }, "last use of service tokens was not written"));
  const timer = setInterval(flushInBackground, FLUSH_INTERVAL_MS).unref();
  return {
    touch(tokenId, version) {
      pending.set(`${tokenId} ${version}`, { tokenId, version, atMs: deps.now() });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flushInBackground();
    },
  };
}

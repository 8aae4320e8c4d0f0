import type { Logger } from "@gatehouse/service";
import type { Store } from "../store/store.ts";

/** Remembers when API tokens were used, and writes it now and then: a call never waits for it. */
export interface LastUsed {
  touch(id: string): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_INTERVAL_MS = 5_000;

export function createLastUsed(deps: {
  readonly store: Store;
  readonly logger: Logger;
  readonly now: () => number;
}): LastUsed {
  let pending = new Map<string, number>();
  const flush = async () => {
    const used = [...pending];
    pending = new Map();
    for (const [id, atMs] of used) {
      const last_used_at = new Date(atMs).toISOString();
      await deps.store.updateTable("api_tokens").set({ last_used_at }).where("id", "=", id).execute();
    }
  };
  const flushInBackground = () =>
    flush().catch((error: unknown) => deps.logger.warn({ err: error }, "last use of API tokens was not written"));
  const timer = setInterval(flushInBackground, FLUSH_INTERVAL_MS).unref();
  return {
    touch: (id) => pending.set(id, deps.now()),
    flush,
    async close() {
      clearInterval(timer);
      await flushInBackground();
    },
  };
}

import { LRUCache } from "lru-cache";

/** Slack redelivers an event for about an hour; commands and buttons are not redelivered, but sockets may repeat them. */
const KEPT_MS = 60 * 60_000;
const MAX_KEPT = 20_000;

export interface Duplicates {
  /** True the first time a key is seen, false after that. */
  isFirst(key: string): boolean;
}

export function createDuplicates(): Duplicates {
  const seen = new LRUCache<string, true>({ max: MAX_KEPT, ttl: KEPT_MS });
  return {
    isFirst: (key) => {
      if (seen.has(key)) return false;
      seen.set(key, true);
      return true;
    },
  };
}

import { LRUCache } from "lru-cache";
import type { Parts } from "./question/parts.ts";

const KEPT_MS = 60 * 60_000;
const MAX_THREADS = 5_000;

/** What was asked last in each thread, so that "and by plan?" can follow. Lost on a restart, which costs a full question. */
export interface ThreadMemory {
  recall(key: string | undefined): Parts | undefined;
  keep(key: string | undefined, parts: Parts): void;
}

export function createThreadMemory(): ThreadMemory {
  const threads = new LRUCache<string, Parts>({ max: MAX_THREADS, ttl: KEPT_MS });
  return {
    recall: (key) => (key === undefined ? undefined : threads.get(key)),
    keep: (key, parts) => {
      if (key !== undefined) threads.set(key, parts);
    },
  };
}

/** A thread in a channel; a direct conversation is one thread. */
export function threadKey(channelId: string, threadTs?: string): string {
  return threadTs === undefined ? channelId : `${channelId}:${threadTs}`;
}

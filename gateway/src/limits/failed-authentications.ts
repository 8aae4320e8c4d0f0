import { LRUCache } from "lru-cache";
import { networkOf } from "./client-network.ts";

export interface FailedAuthenticationsOptions {
  /** How many in a minute are told why; 0 for any number. */
  readonly perMinute: number;
  readonly now: () => number;
  /** Told of each failure past the limit. */
  readonly onLimited: (limit: "address" | "client_id") => void;
}

/**
 * Counts refused credentials per address and per service token. A good credential is looked at before, and never refused here:
 * or a flood of wrong secrets would lock the right one out.
 */
export interface FailedAuthentications {
  /**
   * Notes a failure.
   *
   * @param clientId Of a service token that exists; undefined where the caller made it up, for such ids have no end.
   * @returns Undefined while there were few; else the milliseconds until they are forgotten.
   */
  note(ip: string, clientId: string | undefined): number | undefined;
}

const WINDOW_MS = 60_000;
/** What strangers can make us remember: some megabytes. The longest unused goes first. */
const MAX_KEYS = 20_000;

interface Window {
  count: number;
  readonly endsAtMs: number;
}

export function createFailedAuthentications({
  perMinute,
  now,
  onLimited,
}: FailedAuthenticationsOptions): FailedAuthentications {
  const windows = new LRUCache<string, Window>({ max: MAX_KEYS });
  const count = (key: string, nowMs: number): number => {
    let window = windows.get(key);
    if (window === undefined || window.endsAtMs <= nowMs) {
      window = { count: 0, endsAtMs: nowMs + WINDOW_MS };
      windows.set(key, window);
    }
    window.count += 1;
    return window.count > perMinute ? window.endsAtMs - nowMs : 0;
  };
  return {
    note(ip, clientId) {
      if (perMinute === 0) return undefined;
      const nowMs = now();
      const byToken = clientId === undefined ? 0 : count(`token ${clientId}`, nowMs);
      const byAddress = count(`address ${networkOf(ip)}`, nowMs);
      if (byAddress === 0 && byToken === 0) return undefined;
      onLimited(byToken > 0 ? "client_id" : "address");
      return Math.max(byAddress, byToken);
    },
  };
}

import type { AccessClientErrorCode } from "./errors.ts";

/** What a client counted since it was created, and how it stands. */
export interface AccessStats {
  /** Requests that found a usable pass at hand. */
  readonly hits: number;
  /** Exchanges begun, refreshes ahead of time included. */
  readonly exchanges: number;
  readonly exchangeFailures: number;
  /** Requests that were sent a second time after a refusal. */
  readonly replays: number;
  /** Exchanges with another pair than the one before. */
  readonly rotations: number;
  readonly origins: readonly OriginStats[];
}

export interface OriginStats {
  readonly origin: string;
  /** `exchange`: a JWT is at hand; `pair`: the pair goes with each request; `none`: nothing yet, or no longer. */
  readonly mode: "exchange" | "pair" | "none";
  /** When the pass at hand dies, milliseconds of the local clock. */
  readonly expiresAtMs: number | null;
  /** When a JWT was last had, from an exchange or the token cache, milliseconds of the local clock; null before the first. */
  readonly exchangedAtMs: number | null;
  /** When the service token itself ends, RFC 3339, where the gateway says so. */
  readonly credentialExpiresAt: string | null;
  /** The last failed exchange, until one succeeds. */
  readonly lastError: { readonly code: AccessClientErrorCode; readonly message: string; readonly atMs: number } | null;
}

/** The running counts, shared by all parts of one client. */
export interface Counters {
  hits: number;
  exchanges: number;
  exchangeFailures: number;
  replays: number;
  rotations: number;
}

export function createCounters(): Counters {
  return { hits: 0, exchanges: 0, exchangeFailures: 0, replays: 0, rotations: 0 };
}

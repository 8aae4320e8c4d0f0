export interface TokenHistory {
  /** When the first token was there, and when nobody asked any more; milliseconds of one clock. */
  readonly beganMs: number;
  readonly endedMs: number;
  /** When each new secret, and a new token with it, was taken up. */
  readonly rotatedAtMs: readonly number[];
  readonly lifetimeSeconds: number;
}

/** A token is renewed this early at most: a fifth of its life or two minutes, a tenth more by jitter (token-client.md, 3). */
const MAX_WINDOW_SECONDS = 120;
const WINDOW_SHARE = 0.2;
const JITTER = 0.1;
/** `iat` and `exp` are whole seconds, and so is the `Date` that what remains is reckoned by. */
const ROUNDING_SECONDS = 2;

/**
 * How many exchanges one client needs that is never idle: the first, one for each new secret, and in each stretch between them
 * as many renewals as the lifetime implies: the fewest at the last moment, the most at the earliest that the rules allow.
 */
export function impliedExchanges({ beganMs, endedMs, rotatedAtMs, lifetimeSeconds }: TokenHistory) {
  const windowSeconds = Math.min(MAX_WINDOW_SECONDS, lifetimeSeconds * WINDOW_SHARE) * (1 + JITTER);
  const edges = [beganMs, ...rotatedAtMs, endedMs];
  const renewals = (everySeconds: number): number =>
    edges
      .slice(1)
      .reduce((sum, edge, index) => sum + Math.floor((edge - (edges[index] ?? 0)) / (everySeconds * 1_000)), 0);
  const needed = 1 + rotatedAtMs.length;
  return {
    fewest: needed + renewals(lifetimeSeconds),
    most: needed + renewals(lifetimeSeconds - windowSeconds - ROUNDING_SECONDS),
  };
}

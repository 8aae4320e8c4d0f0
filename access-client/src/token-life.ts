import type { JwtTimes } from "./jwt-times.ts";

/** When a token stops being fresh, and when it stops being of use; milliseconds of the local clock. */
export interface TokenLife {
  readonly staleAtMs: number;
  readonly deadAtMs: number;
}

const MAX_WINDOW_MS = 120_000;
const WINDOW_SHARE = 0.2;
/** Replicas that started together must not refresh together. */
const JITTER_SHARE = 0.1;
/** The `Date` header is cut to the second: the server may be up to this much later. */
const DATE_RESOLUTION_MS = 1_000;

/**
 * Plans a token's life by the server's clock: what remains is `exp` less the response's `Date`, and never more than
 * `exp - iat`. The local clock only measures from `sentAtMs`, so it may be hours off.
 *
 * @param random from 0 to 1, for the jitter
 */
export function planTokenLife(times: JwtTimes, date: string | undefined, sentAtMs: number, random: number): TokenLife {
  const fullMs = (times.exp - times.iat) * 1_000;
  const serverNowMs = Date.parse(date ?? "") + DATE_RESOLUTION_MS;
  const remainingMs = Number.isNaN(serverNowMs) ? fullMs : Math.min(fullMs, times.exp * 1_000 - serverNowMs);
  const windowMs = Math.min(MAX_WINDOW_MS, fullMs * WINDOW_SHARE) * (1 + JITTER_SHARE * (2 * random - 1));
  const deadAtMs = sentAtMs + remainingMs;
  return { deadAtMs, staleAtMs: deadAtMs - windowMs };
}

import { LRUCache } from "lru-cache";
import { ApiError } from "./api-error.ts";
import { API_CODES } from "./failure.ts";

/** Counts wrong API tokens by address. A right token is never held up by the wrong ones of others behind the same address. */
export interface WrongTokens {
  /** Counts one, and gives the error to answer with. */
  refuse(ip: string, message: string, code?: number): ApiError;
}

const MAX_ADDRESSES = 10_000;
const WINDOW_MS = 60_000;
const MAX_IN_WINDOW = 30;

export function createWrongTokens(): WrongTokens {
  const counts = new LRUCache<string, number>({ max: MAX_ADDRESSES, ttl: WINDOW_MS, noUpdateTTL: true });
  return {
    refuse(ip, message, code = API_CODES.authentication) {
      const count = (counts.get(ip) ?? 0) + 1;
      counts.set(ip, count);
      if (count <= MAX_IN_WINDOW) return new ApiError(401, code, message);
      return new ApiError(429, API_CODES.rateLimited, "Too many wrong API tokens from this address: wait a minute.");
    },
  };
}

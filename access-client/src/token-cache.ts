import { createHash } from "node:crypto";
import type { Grant } from "./grant.ts";
import { AccessToken, type ServicePair } from "./pass.ts";

/**
 * Where JWTs outlive a process, so that a job that starts every minute exchanges once an hour: a file, or a store of your own.
 * It is asked before an exchange and told after one. It never sees the pair. What it throws is ignored: an exchange is only
 * an exchange.
 */
export interface TokenCache {
  /** What was set under this key, or nothing. */
  get(key: string): string | undefined | Promise<string | undefined>;
  /** @param expiresAtMs milliseconds since 1970, after which the value is of no use */
  set(key: string, value: string, expiresAtMs: number): void | Promise<void>;
}

interface Entry {
  readonly jwt: string;
  readonly staleAtMs: number;
  readonly deadAtMs: number;
}

/** Names a pair at an origin without saying anything about either. */
function cacheKey(origin: string, { key }: ServicePair): string {
  return createHash("sha256").update(`${origin}\n${key}`).digest("base64url");
}

/** The grant of another process (or of an earlier life), while it is fresh. */
export async function readCached(cache: TokenCache, origin: string, pair: ServicePair, nowMs: number) {
  const entry = parseEntry(await attempt(() => cache.get(cacheKey(origin, pair))));
  if (entry === undefined || nowMs >= entry.staleAtMs) return undefined;
  const { jwt, staleAtMs, deadAtMs } = entry;
  const grant: Grant = { pass: new AccessToken(jwt), pair, isProven: true, isRayed: false, staleAtMs, deadAtMs };
  return grant;
}

export async function writeCached(cache: TokenCache, origin: string, { pass, pair, staleAtMs, deadAtMs }: Grant) {
  if (!(pass instanceof AccessToken)) return;
  const value = pass.serialize((jwt) => JSON.stringify({ jwt, staleAtMs, deadAtMs } satisfies Entry));
  await attempt(() => cache.set(cacheKey(origin, pair), value, deadAtMs));
}

async function attempt<Result>(work: () => Result): Promise<Awaited<Result> | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

function parseEntry(text: string | undefined): Entry | undefined {
  try {
    const { jwt, staleAtMs, deadAtMs } = JSON.parse(text ?? "") as Partial<Entry>;
    const isEntry = typeof jwt === "string" && Number.isFinite(staleAtMs) && Number.isFinite(deadAtMs);
    return isEntry && /^[\w.-]+$/.test(jwt) ? { jwt, staleAtMs: staleAtMs ?? 0, deadAtMs: deadAtMs ?? 0 } : undefined;
  } catch {
    return undefined;
  }
}

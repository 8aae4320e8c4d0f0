import { type CryptoKey, createLocalJWKSet, errors, type JWSHeaderParameters, type LocalJWKSet } from "jose";
import { AccessVerifyError } from "./errors.ts";
import { fetchKeys, type KeyFetch } from "./fetch-keys.ts";

export interface KeySetOptions {
  readonly url: string;
  readonly fetch: KeyFetch;
  readonly now: () => number;
}

/** Gives the public key that a JWT's header names. */
export type KeySet = (header: JWSHeaderParameters) => Promise<CryptoKey>;

/** Vendor's advice; a withdrawn key stops being trusted within this time. */
const FRESH_MS = 10 * 60_000;
/** The least time between two fetches, so that a flood of unknown key ids, or an outage, cannot drive them. */
const COOLDOWN_MS = 30_000;
/** The same while there are no keys at all, for then every request fails until there are. */
const COOLDOWN_WITHOUT_KEYS_MS = 1_000;
/** How long the last good keys serve while the key server is away. */
const MAX_AGE_MS = 24 * 60 * 60_000;

interface Loaded {
  readonly keys: LocalJWKSet;
  readonly atMs: number;
}

/**
 * A key set fetched when first needed: kept for 10 minutes, fetched again for an unknown key id at most every 30 s, and
 * kept up to a day when the fetch fails. At most one fetch runs at a time.
 */
export function createKeySet({ url, fetch, now }: KeySetOptions): KeySet {
  let loaded: Loaded | undefined;
  let lastFailure: unknown;
  let pending: Promise<void> | undefined;
  let lastAttemptMs = Number.NEGATIVE_INFINITY;

  async function load(): Promise<void> {
    lastAttemptMs = now();
    try {
      loaded = { keys: createLocalJWKSet(await fetchKeys(url, fetch)), atMs: now() };
    } catch (error) {
      lastFailure = error;
    } finally {
      pending = undefined;
    }
  }

  async function reload(): Promise<void> {
    const cooldownMs = usable(MAX_AGE_MS) === undefined ? COOLDOWN_WITHOUT_KEYS_MS : COOLDOWN_MS;
    // Either way: a clock that was set back must not stop the fetches for as long.
    const sinceMs = Math.abs(now() - lastAttemptMs);
    if (pending === undefined && sinceMs >= cooldownMs) pending = load();
    await pending;
  }

  function usable(maxAgeMs: number): LocalJWKSet | undefined {
    return loaded !== undefined && now() - loaded.atMs < maxAgeMs ? loaded.keys : undefined;
  }

  async function current(): Promise<LocalJWKSet> {
    if (usable(FRESH_MS) === undefined) await reload();
    const keys = usable(MAX_AGE_MS);
    if (keys === undefined) throw unavailable(url, lastFailure);
    return keys;
  }

  return async (header) => {
    const keys = await current();
    try {
      return await keys(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await reload();
    return (await current())(header);
  };
}

/** A fresh error each time: one shared by many requests would carry the wrong stack. */
function unavailable(url: string, cause: unknown): AccessVerifyError {
  return new AccessVerifyError("ERR_ASSERTION_KEYS_UNAVAILABLE", `No usable key set from ${url}.`, { cause });
}

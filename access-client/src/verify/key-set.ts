import type { CryptoKey } from "jose";
import { AccessVerifyError } from "./errors.ts";
import { fetchKeys, type KeyFetch } from "./fetch-keys.ts";
import type { Keys } from "./read-keys.ts";

export interface KeySetOptions {
  readonly url: string;
  readonly fetch: KeyFetch;
  readonly now: () => number;
}

/** Gives the public key of the id that a JWT's header names. */
export type KeySet = (kid: unknown) => Promise<CryptoKey>;

/** Vendor's advice; a withdrawn key stops being trusted within this time. */
const FRESH_MS = 10 * 60_000;
/** The least time between two fetches, so that a flood of unknown key ids, or an outage, cannot drive them. */
const COOLDOWN_MS = 30_000;
/** The first of them before there ever were keys, when every request fails; doubled up to the cooldown. */
const FIRST_RETRY_MS = 1_000;
/** How long the last good keys serve while the key server is away. */
const MAX_AGE_MS = 24 * 60 * 60_000;

/**
 * A key set fetched when first needed: kept for 10 minutes, fetched again for an unknown key id at most every 30 s, and
 * kept up to a day when the fetch fails. At most one fetch runs at a time.
 */
export function createKeySet({ url, fetch, now }: KeySetOptions): KeySet {
  let loaded: { readonly keys: Keys; readonly atMs: number } | undefined;
  let failure: unknown;
  let failures = 0;
  let pending: Promise<void> | undefined;
  let attemptMs = Number.NEGATIVE_INFINITY;

  /** In either direction: a clock that was set back must neither stop the fetches nor keep old keys. */
  const sinceMs = (atMs: number): number => Math.abs(now() - atMs);

  function younger(maxAgeMs: number): Keys | undefined {
    return loaded !== undefined && sinceMs(loaded.atMs) < maxAgeMs ? loaded.keys : undefined;
  }

  async function load(): Promise<void> {
    try {
      loaded = { keys: await fetchKeys(url, fetch), atMs: now() };
      failures = 0;
    } catch (error) {
      failure = error;
      failures += 1;
    }
  }

  async function reload(): Promise<void> {
    const isStarting = pending === undefined && loaded === undefined;
    const cooldownMs = isStarting ? Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), COOLDOWN_MS) : COOLDOWN_MS;
    // Also beside one that is pending: after so long it never ends, as a Worker's that was cancelled with its request.
    if (sinceMs(attemptMs) >= cooldownMs) {
      attemptMs = now();
      const attempt = load().finally(() => {
        if (pending === attempt) pending = undefined;
      });
      pending = attempt;
    }
    await pending;
  }

  async function current(): Promise<Keys> {
    const isDown = failures > 0 && sinceMs(attemptMs) < 2 * COOLDOWN_MS;
    if (younger(FRESH_MS) === undefined) {
      const reloaded = reload();
      // In an outage nobody waits for the key server's time-out who can be served without.
      if (!isDown || younger(MAX_AGE_MS) === undefined) await reloaded;
    }
    const keys = younger(MAX_AGE_MS);
    if (keys === undefined) throw unavailable(url, failure);
    return keys;
  }

  return async (kid) => {
    if (typeof kid !== "string") throw unknownKey("names no key");
    const known = (await current()).get(kid);
    if (known !== undefined) return known;
    await reload();
    const found = (await current()).get(kid);
    if (found === undefined) throw unknownKey("names a key that its issuer does not publish");
    return found;
  };
}

function unknownKey(problem: string): AccessVerifyError {
  return new AccessVerifyError("ERR_ASSERTION_UNKNOWN_KEY", `The JWT ${problem}.`);
}

/** A fresh error each time: one shared by many requests would carry the wrong stack. */
function unavailable(url: string, cause: unknown): AccessVerifyError {
  return new AccessVerifyError("ERR_ASSERTION_KEYS_UNAVAILABLE", `No usable key set from ${url}.`, { cause });
}

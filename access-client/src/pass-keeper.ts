import type { LRUCache } from "lru-cache";
import type { Dispatcher } from "undici";
import { readPair } from "./credentials/read-pair.ts";
import type { CredentialSource } from "./credentials/source.ts";
import { type ExchangeDeps, exchange } from "./exchange.ts";
import type { Grant } from "./grant.ts";
import type { ServicePair } from "./pass.ts";
import { AccessRequestError } from "./request-error.ts";
import type { Counters, OriginStats } from "./stats.ts";

export interface PassKeeperOptions {
  readonly origin: string;
  readonly credentials: CredentialSource;
  /** For one exchange, the reading of the credentials included. */
  readonly timeoutMs: number;
  /** Where to exchange. Default: the path of the request that needs a pass. */
  readonly exchangePath?: string | undefined;
}

export interface PassKeeperDeps {
  readonly dispatcher: Dispatcher;
  /** Grants by origin, client id and secret; shared by the keepers of one client. */
  readonly grants: LRUCache<string, Grant>;
  readonly counters: Counters;
  readonly now: () => number;
  readonly random: () => number;
}

/** A failed refresh is tried again after this time, doubled with each failure up to the maximum. */
const MIN_BACKOFF_MS = 3_000;
const MAX_BACKOFF_MS = 60_000;
/** A pair that was definitely refused is not sent again for this time, unless the source gives another. */
const REFUSED_HOLD_MS = 30_000;
/** A JWT that the server gives but does not accept: its policies check the pair on every request. */
const FOR_GOOD = Number.POSITIVE_INFINITY;

/**
 * Keeps one origin's pass: fresh (given at once), stale (given at once, renewed in the background) or dead (waited for).
 * At most one exchange is in flight; whoever needs it shares it, and giving up on a request does not stop it. A renewal
 * that fails while the pass lives is tried again later and fails no request.
 */
export class PassKeeper {
  readonly origin: string;
  readonly #options: PassKeeperOptions;
  readonly #deps: PassKeeperDeps;
  readonly #exchangeDeps: ExchangeDeps;
  #key = "";
  #path = "/";
  #flight: Promise<Grant> | undefined;
  #failures = 0;
  #retryAtMs = 0;
  #refused: { readonly key: string; readonly untilMs: number; readonly error: AccessRequestError } | undefined;
  #lastError: OriginStats["lastError"] = null;
  #credentialExpiresAt: string | null = null;

  constructor(options: PassKeeperOptions, deps: PassKeeperDeps) {
    const { dispatcher, now, random } = deps;
    this.origin = options.origin;
    this.#options = options;
    this.#deps = deps;
    this.#exchangeDeps = { dispatcher, origin: options.origin, now, random };
  }

  /** The pass at hand, or nothing. Never waits. */
  current(): Grant | undefined {
    const grant = this.#deps.grants.get(this.#key);
    if (grant === undefined) return undefined;
    const nowMs = this.#deps.now();
    if (nowMs >= grant.staleAtMs) {
      if (nowMs >= grant.deadAtMs) return undefined;
      this.#renew(nowMs);
    }
    this.#deps.counters.hits += 1;
    return grant;
  }

  /**
   * The pass at hand, or that of the exchange in flight, or that of a new one.
   *
   * @param path where to exchange when it comes to that; a query is dropped
   * @throws {AccessRequestError}
   */
  async obtain(path: string): Promise<Grant> {
    return this.current() ?? this.#share(path);
  }

  /** Drops this very pass; one that came since stays. */
  invalidate(grant: Grant): void {
    const { grants } = this.#deps;
    if (grants.get(this.#key) === grant) grants.delete(this.#key);
  }

  /** From now on the pair itself goes with each request, in place of a JWT that the server does not take. */
  preferPair({ pair }: Grant): void {
    const grant = { pass: pair, pair, isProven: true, staleAtMs: FOR_GOOD, deadAtMs: FOR_GOOD };
    this.#deps.grants.set(this.#keyOf(pair), grant);
  }

  stats(): OriginStats {
    const grant = this.#deps.grants.peek(this.#key);
    const isUsable = grant !== undefined && this.#deps.now() < grant.deadAtMs;
    const usedMode = grant?.pass.kind === "pair" ? "pair" : "exchange";
    return {
      origin: this.origin,
      mode: isUsable ? usedMode : "none",
      expiresAtMs: isUsable && Number.isFinite(grant.deadAtMs) ? grant.deadAtMs : null,
      credentialExpiresAt: this.#credentialExpiresAt,
      lastError: this.#lastError,
    };
  }

  #renew(nowMs: number): void {
    if (this.#flight !== undefined || nowMs < this.#retryAtMs) return;
    // The failure is in lastError; the pass at hand goes on serving.
    this.#share(this.#path).catch(() => undefined);
  }

  #share(path: string): Promise<Grant> {
    if (this.#flight !== undefined) return this.#flight;
    this.#path = this.#options.exchangePath ?? path.split("?", 1)[0] ?? "/";
    const flight = this.#run(this.#path).finally(() => {
      if (this.#flight === flight) this.#flight = undefined;
    });
    this.#flight = flight;
    return flight;
  }

  async #run(path: string): Promise<Grant> {
    const signal = AbortSignal.timeout(this.#options.timeoutMs);
    try {
      const grant = await withSignal(this.#exchangeNewest(path, signal), signal);
      this.#failures = 0;
      this.#lastError = null;
      return grant;
    } catch (error) {
      throw this.#noteFailure(signal.aborted ? this.#timedOut(error) : error);
    }
  }

  /** A pair that is refused may have been rotated a moment ago: the source is read once more, and that is all. */
  async #exchangeNewest(path: string, signal: AbortSignal): Promise<Grant> {
    const pair = await readPair(this.#options.credentials);
    try {
      return await this.#exchangePair(pair, path, signal);
    } catch (error) {
      if (!isPairRefused(error)) throw error;
      const next = await readPair(this.#options.credentials);
      if (this.#keyOf(next) === this.#keyOf(pair)) throw error;
      return await this.#exchangePair(next, path, signal);
    }
  }

  async #exchangePair(pair: ServicePair, path: string, signal: AbortSignal): Promise<Grant> {
    const key = this.#keyOf(pair);
    const nowMs = this.#deps.now();
    if (this.#refused?.key === key && nowMs < this.#refused.untilMs) throw this.#refused.error;
    this.#deps.counters.exchanges += 1;
    try {
      const { grant, credentialExpiresAt } = await exchange(this.#exchangeDeps, pair, path, signal);
      this.#key = key;
      this.#credentialExpiresAt = credentialExpiresAt ?? null;
      this.#deps.grants.set(key, grant);
      return grant;
    } catch (error) {
      this.#deps.counters.exchangeFailures += 1;
      if (isPairRefused(error)) this.#refused = { key, untilMs: nowMs + REFUSED_HOLD_MS, error };
      throw error;
    }
  }

  #keyOf({ clientId, secretDigest }: ServicePair): string {
    return `${this.origin} ${clientId} ${secretDigest}`;
  }

  #noteFailure(error: unknown): unknown {
    const nowMs = this.#deps.now();
    this.#retryAtMs = nowMs + Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** this.#failures);
    this.#failures += 1;
    if (error instanceof AccessRequestError) {
      this.#lastError = { code: error.code, message: error.message, atMs: nowMs };
    }
    return error;
  }

  #timedOut(cause: unknown): AccessRequestError {
    const message = `The gateway of ${this.origin} gave no token within ${this.#options.timeoutMs} ms.`;
    return new AccessRequestError("ERR_ACCESS_TIMEOUT", message, { cause });
  }
}

function isPairRefused(error: unknown): error is AccessRequestError {
  return (
    error instanceof AccessRequestError &&
    (error.code === "ERR_ACCESS_UNAUTHENTICATED" || error.code === "ERR_ACCESS_LOGIN_REDIRECT")
  );
}

/** Settles with the work, or rejects when the signal fires: a credential source may never answer. */
function withSignal<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  return promise;
}

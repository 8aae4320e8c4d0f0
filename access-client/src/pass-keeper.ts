import type { LRUCache } from "lru-cache";
import { readPair } from "./credentials/read-pair.ts";
import type { CredentialSource } from "./credentials/source.ts";
import { createExpiryNotices, type ExpiringNotice } from "./expiry-notices.ts";
import type { Grant } from "./grant.ts";
import { isPairRefused, PairExchanger, type PairExchangerDeps, REFUSED_HOLD_MS } from "./pair-exchanger.ts";
import type { ServicePair } from "./pass.ts";
import { AccessRequestError } from "./request-error.ts";
import type { OriginStats } from "./stats.ts";
import { CHANNELS } from "./telemetry.ts";
import type { TokenCache } from "./token-cache.ts";

export interface PassKeeperOptions {
  readonly origin: string;
  readonly credentials: CredentialSource;
  /** For one exchange, the reading of the credentials included. */
  readonly timeoutMs: number;
  /** Where to exchange. Default: the path of the request that needs a pass. */
  readonly exchangePath?: string | undefined;
  /** The one header that takes the pair as JSON. Default: the two of Access. */
  readonly tokenHeader?: string | undefined;
  readonly tokenCache?: TokenCache | undefined;
  readonly onExpiring?: ((notice: ExpiringNotice) => void) | undefined;
}

export interface PassKeeperDeps extends PairExchangerDeps {
  /** Grants by origin, client id and secret; shared by the keepers of one client. */
  readonly grants: LRUCache<string, Grant>;
}

/** A failed refresh is tried again after this time, doubled with each failure up to the maximum. */
const MIN_BACKOFF_MS = 3_000;
const MAX_BACKOFF_MS = 60_000;
/** A JWT that the server gives but does not accept: its policies check the pair on every request. */
const FOR_GOOD = Number.POSITIVE_INFINITY;

/**
 * Keeps one origin's pass: fresh (given at once), stale (given at once, renewed in the background) or dead (waited for).
 * At most one exchange is in flight; whoever needs it shares it, and giving up on a request does not stop it. A renewal
 * that fails while the pass lives is tried again later and fails no request.
 */
export class PassKeeper {
  readonly origin: string;
  /** The one header that takes the pair, where it is not Access's two. */
  readonly tokenHeader: string | undefined;
  readonly #options: PassKeeperOptions;
  readonly #deps: PassKeeperDeps;
  readonly #exchanger: PairExchanger;
  #key = "";
  #path = "/";
  #flight: Promise<Grant> | undefined;
  #failures = 0;
  #retryAtMs = 0;
  #lastError: OriginStats["lastError"] = null;
  #exchangedAtMs: number | null = null;
  #credentialExpiresAt: string | null = null;
  /** The pair of the last exchange that worked: what is left when the source gives one that does not work yet. */
  #lastGood: ServicePair | undefined;
  /** Whether the source may hold a newer pair than the one in use. */
  #isOutdated = false;
  readonly #noticeExpiry: ReturnType<typeof createExpiryNotices>;

  constructor(options: PassKeeperOptions, deps: PassKeeperDeps) {
    this.origin = options.origin;
    this.tokenHeader = options.tokenHeader;
    this.#options = options;
    this.#deps = deps;
    this.#exchanger = new PairExchanger(options.origin, options.tokenCache, deps);
    this.#noticeExpiry = createExpiryNotices(options.origin, (notice) => {
      if (CHANNELS.expiring.hasSubscribers) CHANNELS.expiring.publish(notice);
      tell(options.onExpiring, notice);
    });
  }

  /** The pass at hand, or nothing. Never waits. */
  current(): Grant | undefined {
    const grant = this.#deps.grants.get(this.#key);
    if (grant === undefined) return undefined;
    const nowMs = this.#deps.now();
    if (nowMs >= grant.staleAtMs || this.#isOutdated) {
      if (nowMs >= grant.deadAtMs) return undefined;
      this.#renew(nowMs);
    }
    this.#deps.counters.hits += 1;
    if (CHANNELS.hit.hasSubscribers) CHANNELS.hit.publish({ origin: this.origin });
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
    this.#exchanger.distrust(grant);
    if (grants.get(this.#key) === grant) grants.delete(this.#key);
  }

  /** From now on the pair itself goes with each request, in place of a JWT that the server does not take. */
  preferPair({ pair }: Grant): void {
    const grant = { pass: pair, pair, isProven: true, staleAtMs: FOR_GOOD, deadAtMs: FOR_GOOD };
    this.#deps.grants.set(this.#keyOf(pair), grant);
  }

  /** The source says that the pair may have changed: the newest is exchanged at once, while the pass at hand goes on serving. */
  sourceChanged(): void {
    this.#exchanger.forgive();
    this.#retryAtMs = 0;
    if (this.#lastGood === undefined) return;
    this.#isOutdated = true;
    this.#renew(this.#deps.now());
  }

  stats(): OriginStats {
    const grant = this.#deps.grants.peek(this.#key);
    const isUsable = grant !== undefined && this.#deps.now() < grant.deadAtMs;
    const usedMode = grant?.pass.kind === "pair" ? "pair" : "exchange";
    return {
      origin: this.origin,
      mode: isUsable ? usedMode : "none",
      expiresAtMs: isUsable && Number.isFinite(grant.deadAtMs) ? grant.deadAtMs : null,
      exchangedAtMs: this.#exchangedAtMs,
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

  /**
   * A pair that is refused may have been rotated a moment ago, so the source is read once more; where it gives the same, the
   * pair that worked before may still do, for the new one may not be in force yet. One more attempt, and that is all.
   */
  async #exchangeNewest(path: string, signal: AbortSignal): Promise<Grant> {
    const pair = await this.#readPair();
    const atHand = this.#isOutdated && this.#keyOf(pair) === this.#key ? this.#live() : undefined;
    this.#isOutdated = false;
    if (atHand !== undefined) return atHand;
    try {
      return await this.#exchangePair(pair, path, signal);
    } catch (error) {
      if (!isPairRefused(error)) throw error;
      const newer = await this.#readPair();
      if (this.#keyOf(newer) !== this.#keyOf(pair)) return await this.#exchangePair(newer, path, signal);
      return await this.#fallBack(pair, path, signal, error);
    }
  }

  /** To the pair that worked before; the newer one is tried again later. */
  async #fallBack(pair: ServicePair, path: string, signal: AbortSignal, refusal: unknown): Promise<Grant> {
    const last = this.#lastGood;
    if (last === undefined || this.#keyOf(last) === this.#keyOf(pair)) throw refusal;
    const grant = this.#live() ?? (await this.#exchangePair(last, path, signal));
    this.#isOutdated = true;
    this.#retryAtMs = this.#deps.now() + REFUSED_HOLD_MS;
    return grant;
  }

  #readPair(): Promise<ServicePair> {
    const { credentials, tokenHeader } = this.#options;
    return readPair(credentials, tokenHeader);
  }

  #live(): Grant | undefined {
    const grant = this.#deps.grants.get(this.#key);
    return grant !== undefined && this.#deps.now() < grant.deadAtMs ? grant : undefined;
  }

  async #exchangePair(pair: ServicePair, path: string, signal: AbortSignal): Promise<Grant> {
    const { grant, credentialExpiresAt } = await this.#exchanger.exchange(pair, path, signal);
    this.#adopt(grant, credentialExpiresAt);
    return grant;
  }

  #adopt(grant: Grant, credentialExpiresAt: string | undefined): void {
    const { origin } = this;
    const { pair } = grant;
    const { clientId } = pair;
    const key = this.#keyOf(pair);
    const isRotated = this.#lastGood !== undefined && this.#keyOf(this.#lastGood) !== key;
    this.#key = key;
    this.#lastGood = pair;
    this.#exchangedAtMs = this.#deps.now();
    this.#credentialExpiresAt = credentialExpiresAt ?? null;
    this.#deps.grants.set(key, grant);
    if (isRotated) this.#deps.counters.rotations += 1;
    if (isRotated && CHANNELS.rotated.hasSubscribers) CHANNELS.rotated.publish({ origin, clientId });
    if (credentialExpiresAt !== undefined) this.#noticeExpiry(clientId, credentialExpiresAt, this.#deps.now());
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

/** A hook that throws must not fail the request that brought the news. */
function tell(hook: ((notice: ExpiringNotice) => void) | undefined, notice: ExpiringNotice): void {
  try {
    hook?.(notice);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}

/** Settles with the work, or rejects when the signal fires: a credential source may never answer. */
function withSignal<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  return promise;
}

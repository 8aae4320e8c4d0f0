import { readPair } from "./credentials/read-pair.ts";
import type { CredentialSource } from "./credentials/source.ts";
import { createExpiryNotices, type ExpiringNotice } from "./expiry-notices.ts";
import type { Grant } from "./grant.ts";
import { isPairRefused, PairExchanger, type PairExchangerDeps, REFUSED_HOLD_MS } from "./pair-exchanger.ts";
import type { ServicePair } from "./pass.ts";
import { AccessRequestError } from "./request-error.ts";
import type { OriginStats } from "./stats.ts";
import { CHANNELS, type RotatedNotice } from "./telemetry.ts";
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
  readonly onRotated?: ((notice: RotatedNotice) => void) | undefined;
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
  readonly #deps: PairExchangerDeps;
  readonly #exchanger: PairExchanger;
  readonly #closing = new AbortController();
  #grant: Grant | undefined;
  #path = "/";
  #flight: Promise<Grant> | undefined;
  #failures = 0;
  #retryAtMs = 0;
  #lastError: OriginStats["lastError"] = null;
  /** Why the source could not be read, while the pair that worked last stands in for it. */
  #sourceError: OriginStats["lastError"] = null;
  #exchangedAtMs: number | null = null;
  #credentialExpiresAt: string | null = null;
  /** The pair of the last exchange that worked: what is left when the source gives one that does not work yet. */
  #lastGood: ServicePair | undefined;
  /** Whether the source may hold a newer pair than the one in use. */
  #isOutdated = false;
  /** Whether the server takes the pair where it does not take the JWT that it gives. */
  #isPairPreferred = false;
  readonly #noticeExpiry: ReturnType<typeof createExpiryNotices>;

  constructor(options: PassKeeperOptions, deps: PairExchangerDeps) {
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
    const grant = this.#grant;
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
    this.#exchanger.distrust(grant);
    if (this.#grant === grant) this.#grant = undefined;
  }

  /** From now on the pair itself goes with each request, in place of a JWT that the server does not take. */
  preferPair(grant: Grant): void {
    this.#isPairPreferred = true;
    if (this.#grant === undefined || this.#grant.pair.key === grant.pair.key) this.#grant = usePair(grant);
  }

  /**
   * The source says that the pair may have changed: the newest is exchanged at once, while the pass at hand goes on serving; also
   * before the first request, where it is known where to, so that whoever waits for the new secret to be used need not wait for one.
   */
  sourceChanged(): void {
    this.#exchanger.forgive();
    this.#retryAtMs = 0;
    if (this.#lastGood === undefined && this.#options.exchangePath === undefined) return;
    this.#isOutdated = true;
    this.#renew(this.#deps.now());
  }

  /** Ends the exchange in flight, and gives no pass any more. */
  close(): void {
    this.#grant = undefined;
    this.#closing.abort(closed());
  }

  stats(): OriginStats {
    const grant = this.#live();
    const usedMode = grant?.pass.kind === "pair" ? "pair" : "exchange";
    return {
      origin: this.origin,
      mode: grant === undefined ? "none" : usedMode,
      expiresAtMs: grant !== undefined && Number.isFinite(grant.deadAtMs) ? grant.deadAtMs : null,
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
    const closing = this.#closing.signal;
    const signal = AbortSignal.any([AbortSignal.timeout(this.#options.timeoutMs), closing]);
    try {
      closing.throwIfAborted();
      const grant = await withSignal(this.#exchangeNewest(path, signal), signal);
      this.#failures = 0;
      this.#lastError = this.#sourceError;
      return grant;
    } catch (error) {
      if (closing.aborted) throw closing.reason;
      throw this.#noteFailure(signal.aborted ? this.#timedOut(error) : error);
    }
  }

  /**
   * A pair that is refused may have been rotated a moment ago, so the source is read once more; where it gives the same, the
   * pair that worked before may still do, for the new one may not be in force yet. One more attempt, and that is all.
   */
  async #exchangeNewest(path: string, signal: AbortSignal): Promise<Grant> {
    const pair = await this.#readPair();
    const atHand = this.#live();
    const isNews = !this.#isOutdated || atHand?.pair.key !== pair.key;
    this.#isOutdated = false;
    if (atHand !== undefined && !isNews) return atHand;
    try {
      return await this.#exchangePair(pair, path, signal);
    } catch (error) {
      if (!isPairRefused(error)) throw error;
      const newer = await this.#readPair();
      if (newer.key !== pair.key) return await this.#exchangePair(newer, path, signal);
      return await this.#fallBack(pair, path, signal, error);
    }
  }

  /** To the pair that worked before; the newer one is tried again later. */
  async #fallBack(pair: ServicePair, path: string, signal: AbortSignal, refusal: unknown): Promise<Grant> {
    const last = this.#lastGood;
    if (last === undefined || last.key === pair.key) throw refusal;
    const grant = this.#live() ?? (await this.#exchangePair(last, path, signal));
    this.#isOutdated = true;
    this.#retryAtMs = this.#deps.now() + REFUSED_HOLD_MS;
    return grant;
  }

  /** A source that cannot be read for a while does no harm: the pair that worked last may still do. */
  async #readPair(): Promise<ServicePair> {
    const { credentials, tokenHeader } = this.#options;
    try {
      const pair = await readPair(credentials, tokenHeader);
      this.#sourceError = null;
      return pair;
    } catch (error) {
      if (this.#lastGood === undefined) throw error;
      this.#sourceError = this.#describe(error);
      return this.#lastGood;
    }
  }

  #live(): Grant | undefined {
    const grant = this.#grant;
    return grant !== undefined && this.#deps.now() < grant.deadAtMs ? grant : undefined;
  }

  async #exchangePair(pair: ServicePair, path: string, signal: AbortSignal): Promise<Grant> {
    const { grant, credentialExpiresAt } = await this.#exchanger.exchange(pair, path, signal);
    signal.throwIfAborted();
    this.#grant = this.#isPairPreferred ? usePair(grant) : grant;
    this.#noteSuccess(pair, credentialExpiresAt);
    return this.#grant;
  }

  #noteSuccess(pair: ServicePair, credentialExpiresAt: string | undefined): void {
    const { origin } = this;
    const { clientId } = pair;
    const isRotated = this.#lastGood !== undefined && this.#lastGood.key !== pair.key;
    this.#lastGood = pair;
    this.#exchangedAtMs = this.#deps.now();
    this.#credentialExpiresAt = credentialExpiresAt ?? null;
    if (isRotated) this.#noteRotation({ origin, clientId, pairId: pair.key });
    if (credentialExpiresAt !== undefined) this.#noticeExpiry(clientId, credentialExpiresAt, this.#deps.now());
  }

  #noteRotation(notice: RotatedNotice): void {
    this.#deps.counters.rotations += 1;
    if (CHANNELS.rotated.hasSubscribers) CHANNELS.rotated.publish(notice);
    tell(this.#options.onRotated, notice);
  }

  #noteFailure(error: unknown): unknown {
    const nowMs = this.#deps.now();
    this.#retryAtMs = nowMs + Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#lastError = this.#describe(error);
    return error;
  }

  #describe(error: unknown): OriginStats["lastError"] {
    if (!(error instanceof AccessRequestError)) return null;
    return { code: error.code, message: error.message, atMs: this.#deps.now() };
  }

  #timedOut(cause: unknown): AccessRequestError {
    const message = `The gateway of ${this.origin} gave no token within ${this.#options.timeoutMs} ms.`;
    return new AccessRequestError("ERR_ACCESS_TIMEOUT", message, { cause });
  }
}

function usePair(grant: Grant): Grant {
  return { ...grant, pass: grant.pair, isProven: true, staleAtMs: FOR_GOOD, deadAtMs: FOR_GOOD };
}

function closed(): AccessRequestError {
  return new AccessRequestError("ERR_ACCESS_CLOSED", "The client was closed.");
}

/** A hook that throws must not fail the request that brought the news. */
function tell<Notice>(hook: ((notice: Notice) => void) | undefined, notice: Notice): void {
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

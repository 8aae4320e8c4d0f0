import type { Dispatcher } from "undici";
import { type ExchangeDeps, type ExchangeResult, exchange } from "./exchange.ts";
import type { Grant } from "./grant.ts";
import { AccessToken, type ServicePair } from "./pass.ts";
import { AccessRequestError } from "./request-error.ts";
import type { Counters } from "./stats.ts";
import { reportExchange } from "./telemetry.ts";
import { readCached, type TokenCache, writeCached } from "./token-cache.ts";

export interface PairExchangerDeps {
  readonly dispatcher: Dispatcher;
  readonly counters: Counters;
  readonly now: () => number;
  readonly random: () => number;
}

/** A pair that was definitely refused is not sent again for this time, unless the source gives another. */
export const REFUSED_HOLD_MS = 30_000;

/** Turns a pair into a grant: from the cache of another process, or by one exchange; not at all while its refusal is fresh. */
export class PairExchanger {
  readonly #origin: string;
  readonly #cache: TokenCache | undefined;
  readonly #deps: PairExchangerDeps;
  readonly #exchangeDeps: ExchangeDeps;
  #refused: { readonly key: string; readonly untilMs: number; readonly error: AccessRequestError } | undefined;
  /** The pass that was refused last. */
  #invalid: Grant | undefined;

  constructor(origin: string, cache: TokenCache | undefined, deps: PairExchangerDeps) {
    const { dispatcher, now, random } = deps;
    this.#origin = origin;
    this.#cache = cache;
    this.#deps = deps;
    this.#exchangeDeps = { dispatcher, origin, now, random };
  }

  /** @throws {AccessRequestError} */
  async exchange(pair: ServicePair, path: string, signal: AbortSignal): Promise<ExchangeResult> {
    const nowMs = this.#deps.now();
    if (this.#refused?.key === pair.key && nowMs < this.#refused.untilMs) throw this.#refused.error;
    const cached = await this.#cached(pair);
    if (cached !== undefined) return { grant: cached };
    this.#deps.counters.exchanges += 1;
    const report = reportExchange(this.#origin, pair.clientId);
    try {
      const result = await exchange(this.#exchangeDeps, pair, path, signal);
      const { grant } = result;
      if (this.#cache !== undefined) void writeCached(this.#cache, this.#origin, grant);
      report({ mode: grant.pass.kind === "pair" ? "pair" : "exchange", expiresAtMs: grant.deadAtMs });
      return result;
    } catch (error) {
      this.#deps.counters.exchangeFailures += 1;
      if (isPairRefused(error)) this.#refused = { key: pair.key, untilMs: nowMs + REFUSED_HOLD_MS, error };
      report({ error });
      throw error;
    }
  }

  /** The source has news: a pair that was refused may be good by now. */
  forgive(): void {
    this.#refused = undefined;
  }

  /** The gateway did not take this pass: it is not to come back from the cache. */
  distrust(grant: Grant): void {
    this.#invalid = grant;
  }

  async #cached(pair: ServicePair): Promise<Grant | undefined> {
    if (this.#cache === undefined) return undefined;
    const grant = await readCached(this.#cache, this.#origin, pair, this.#deps.now());
    return grant === undefined || isSamePass(grant, this.#invalid) ? undefined : grant;
  }
}

/** Whether the gateway said that this pair is wrong, and not that something else is. */
export function isPairRefused(error: unknown): error is AccessRequestError {
  return (
    error instanceof AccessRequestError &&
    (error.code === "ERR_ACCESS_UNAUTHENTICATED" || error.code === "ERR_ACCESS_LOGIN_REDIRECT")
  );
}

function isSamePass({ pass }: Grant, other: Grant | undefined): boolean {
  return pass instanceof AccessToken && other?.pass instanceof AccessToken && pass.isSame(other.pass);
}

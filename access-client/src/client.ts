import type { Dispatcher, RequestInfo, RequestInit, Response } from "undici";
import { AccessDispatcher } from "./access-dispatcher.ts";
import { accessFetch } from "./access-fetch.ts";
import { createInterceptor } from "./interceptor.ts";
import { OpenCalls } from "./open-calls.ts";
import { traceWithOpenTelemetry } from "./opentelemetry.ts";
import { type AccessClientOptions, type CheckedOptions, checkOptions } from "./options.ts";
import { PassKeeper } from "./pass-keeper.ts";
import { AccessRequestError } from "./request-error.ts";
import { type AccessStats, createCounters } from "./stats.ts";
import { resolveTarget } from "./target.ts";
import { Pool } from "./undici.ts";
import type { ExpectedAnswer } from "./unusable-answer.ts";

/** As undici's `request` takes them, less what the client decides. Header names in any case. */
export interface AccessRequestOptions extends Omit<Dispatcher.RequestOptions, "origin" | "path" | "method"> {
  /** Default `GET`. */
  readonly method?: Dispatcher.HttpMethod;
  /** `json`: a 2xx answer that is anything else is a typed error, before its body. Default: the client's. */
  readonly expect?: ExpectedAnswer;
}

export type AccessResponse = Dispatcher.ResponseData;

export interface AccessClient {
  /**
   * One request, as undici's `Pool.request`. Redirects are not followed. Answers of the app come back whatever their status;
   * only the gateway's refusals throw.
   *
   * @param target a path (`/api/v1/metrics`, of the first origin) or a URL of one of the client's origins
   * @throws {AccessRequestError} refused by the gateway, or no token to be had; undici's own errors for the network
   */
  request(target: string | URL, options?: AccessRequestOptions): Promise<AccessResponse>;
  /**
   * As undici's `Pool.stream`: the body goes straight into the stream that the factory gives, without a buffer between.
   *
   * @throws as `request`
   */
  stream(
    target: string | URL,
    options: AccessRequestOptions,
    factory: Dispatcher.StreamFactory,
  ): Promise<Dispatcher.StreamData>;
  /** The standard `fetch`, with a pass; redirects are followed within the origin only. */
  fetch(input: RequestInfo, init?: RequestInit): Promise<Response>;
  /** The headers that open the gate, for what cannot go through this client: a WebSocket's handshake. They are secret. */
  headers(target?: string | URL): Promise<Record<string, string>>;
  /** For `dispatcher.compose(...)`: requests to the client's origins get a pass, others none. Compose it first. */
  readonly interceptor: Dispatcher.DispatcherComposeInterceptor;
  stats(): AccessStats;
  /** Takes no more requests, lets the open ones end, and closes the client's own connections. */
  close(): Promise<void>;
}

/** A JWT with many groups in it is longer than undici's default of 16 KiB leaves room for. */
const MAX_HEADER_BYTES = 64 * 1024;
/** A dispatcher of the caller's may follow redirects; this client does not. */
const FOLLOW_NONE = { maxRedirections: 0 };

/**
 * Creates a client for apps behind Cloudflare Access or the Gatehouse gateway: it exchanges a service token for a JWT, sends
 * the JWT with every request, and renews it before it ends.
 *
 * @throws {TypeError} on an impossible option
 */
export function createAccessClient(options: AccessClientOptions): AccessClient {
  traceWithOpenTelemetry();
  return new Client(checkOptions(options));
}

class Client implements AccessClient {
  readonly interceptor: Dispatcher.DispatcherComposeInterceptor;
  readonly #origins: readonly string[];
  readonly #counters = createCounters();
  readonly #keepers = new Map<string, PassKeeper>();
  readonly #dispatchers = new Map<string, AccessDispatcher>();
  readonly #pools: Pool[] = [];
  readonly #watches: (() => void)[] = [];
  readonly #open = new OpenCalls();
  #closing: Promise<void> | undefined;

  constructor(options: CheckedOptions) {
    this.#origins = options.origins.map(({ origin }) => origin);
    const { timeoutMs, expect, onExpiring, onRotated, tokenCache, now, random } = options;
    const counters = this.#counters;
    for (const settings of options.origins) {
      const { origin, credentials } = settings;
      const dispatcher = options.dispatcher ?? this.#createPool(origin, options);
      const deps = { dispatcher, counters, now, random };
      const keeper = new PassKeeper({ ...settings, timeoutMs, onExpiring, onRotated, tokenCache }, deps);
      const stopWatching = credentials.watch?.(() => keeper.sourceChanged());
      if (stopWatching !== undefined) this.#watches.push(stopWatching);
      const dispatch: Dispatcher.Dispatch = (request, handler) => dispatcher.dispatch(request, handler);
      this.#keepers.set(origin, keeper);
      const call = { dispatch, keeper, counters, redirectGuard: FOLLOW_NONE, expect, open: this.#open };
      this.#dispatchers.set(origin, new AccessDispatcher(origin, call));
    }
    this.interceptor = createInterceptor({ keepers: this.#keepers, counters, expect });
  }

  /** Not `async`: that would cost every warm request three more turns of the microtask queue. */
  request(input: string | URL, options?: AccessRequestOptions): Promise<AccessResponse> {
    try {
      const { origin, path } = resolveTarget(input, this.#origins);
      return this.#dispatcherOf(origin).request({ method: "GET", ...options, origin, path });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async stream(
    input: string | URL,
    options: AccessRequestOptions,
    factory: Dispatcher.StreamFactory,
  ): Promise<Dispatcher.StreamData> {
    const { origin, path } = resolveTarget(input, this.#origins);
    return this.#dispatcherOf(origin).stream({ method: "GET", ...options, origin, path }, factory);
  }

  async fetch(input: RequestInfo, init?: RequestInit): Promise<Response> {
    return accessFetch({ origins: this.#origins, dispatcherOf: (origin) => this.#dispatcherOf(origin) }, input, init);
  }

  async headers(target: string | URL = "/"): Promise<Record<string, string>> {
    const { origin, path } = resolveTarget(target, this.#origins);
    this.#dispatcherOf(origin);
    const headers: Record<string, string> = {};
    const grant = await this.#keepers.get(origin)?.obtain(path);
    grant?.pass.addTo(headers);
    return headers;
  }

  stats(): AccessStats {
    return { ...this.#counters, origins: [...this.#keepers.values()].map((keeper) => keeper.stats()) };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const stopWatching of this.#watches) stopWatching();
    await this.#open.whenIdle();
    for (const keeper of this.#keepers.values()) keeper.close();
    await Promise.all(this.#pools.map((pool) => pool.close()));
  }

  #createPool(origin: string, { connections, timeoutMs }: CheckedOptions): Pool {
    const limits = {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: timeoutMs },
    };
    const pool = new Pool(origin, { connections, ...limits });
    this.#pools.push(pool);
    return pool;
  }

  #dispatcherOf(origin: string): AccessDispatcher {
    const dispatcher = this.#dispatchers.get(origin);
    if (this.#closing !== undefined) throw new AccessRequestError("ERR_ACCESS_CLOSED", "The client was closed.");
    // resolveTarget gives only origins of this client.
    if (dispatcher === undefined) throw new TypeError(`Not an origin of this client: ${origin}`);
    return dispatcher;
  }
}

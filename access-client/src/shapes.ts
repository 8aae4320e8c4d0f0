import type { Dispatcher, RequestInfo, RequestInit, Response } from "undici";
import { createAccessClient } from "./client.ts";
import type { AccessClientOptions } from "./options.ts";
import type { AccessStats } from "./stats.ts";

interface Owned {
  stats(): AccessStats;
  /** Ends the exchanges' connections and the watching of the credentials. */
  close(): Promise<void>;
}

/** The standard `fetch`, with a pass for the client's origins; anything else is refused. */
export interface AccessFetch extends Owned {
  (input: RequestInfo, init?: RequestInit): Promise<Response>;
}

/**
 * A `fetch` for code that takes one, such as a generated API client.
 *
 * @throws {TypeError} on an impossible option
 */
export function createAccessFetch(options: AccessClientOptions): AccessFetch {
  const client = createAccessClient(options);
  const fetch = (input: RequestInfo, init?: RequestInit) => client.fetch(input, init);
  return Object.assign(fetch, { stats: () => client.stats(), close: () => client.close() });
}

export type AccessInterceptor = Dispatcher.DispatcherComposeInterceptor & Owned;

/**
 * An interceptor for any undici dispatcher: `new Agent().compose(accessInterceptor(options))`. Compose it first, so that
 * what retries or follows redirects lies beneath it.
 *
 * @throws {TypeError} on an impossible option
 */
export function accessInterceptor(options: AccessClientOptions): AccessInterceptor {
  const client = createAccessClient(options);
  const intercept: Dispatcher.DispatcherComposeInterceptor = (dispatch) => client.interceptor(dispatch);
  return Object.assign(intercept, { stats: () => client.stats(), close: () => client.close() });
}

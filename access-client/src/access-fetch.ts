import type { Request, RequestInfo, RequestInit, Response } from "undici";
import { AccessError } from "./errors.ts";
import { resolveTarget } from "./target.ts";
import { Dispatcher, FormData, fetch } from "./undici.ts";

export interface AccessFetchDeps {
  readonly origins: readonly string[];
  readonly dispatcherOf: (origin: string) => Dispatcher;
}

/**
 * `fetch` with a pass. A path goes to the first origin. Redirects are followed within the origin only. Typed errors come as
 * they are, not wrapped in "fetch failed".
 *
 * @throws {AccessRequestError}
 */
export async function accessFetch(
  { origins, dispatcherOf }: AccessFetchDeps,
  input: RequestInfo,
  init: RequestInit = {},
): Promise<Response> {
  const isRequest = typeof input === "object" && "url" in input;
  const { origin, path } = resolveTarget(isRequest ? input.url : input, origins);
  const options = { ...(isRequest && initOf(input)), ...init };
  const body = adoptBody(options.body);
  const dispatcher = withOriginalBody(dispatcherOf(origin), body);
  try {
    return await fetch(`${origin}${path}`, { ...options, ...(body != null && { body }), dispatcher });
  } catch (error) {
    throw error instanceof TypeError && error.cause instanceof AccessError ? error.cause : error;
  }
}

/** Node's own `Request` is another class than undici's, which does not know it: what it says is taken over. */
function initOf({ method, headers, body, redirect, signal }: Request): RequestInit {
  return { method, headers: [...headers], redirect, signal, ...(body !== null && { body, duplex: "half" }) };
}

/** So is Node's own `FormData`, which would be sent as "[object FormData]". */
function adoptBody(body: RequestInit["body"]): RequestInit["body"] {
  if (!(body instanceof globalThis.FormData)) return body;
  const form = new FormData();
  for (const [name, value] of body) form.append(name, value);
  return form;
}

/** `fetch` dispatches every body as a stream, which cannot be sent twice; a text or bytes are put back in its place. */
function withOriginalBody(dispatcher: Dispatcher, body: RequestInit["body"]): Dispatcher {
  const original = body instanceof URLSearchParams ? body.toString() : body;
  if (typeof original !== "string" && !(original instanceof Uint8Array)) return dispatcher;
  return new BodyDispatcher(dispatcher, original);
}

class BodyDispatcher extends Dispatcher {
  readonly #dispatcher: Dispatcher;
  readonly #body: string | Uint8Array;

  constructor(dispatcher: Dispatcher, body: string | Uint8Array) {
    super();
    this.#dispatcher = dispatcher;
    this.#body = body;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    // A redirect may have turned the request into a GET without a body.
    const isWithBody = options.body != null;
    return this.#dispatcher.dispatch(isWithBody ? { ...options, body: this.#body } : options, handler);
  }
}

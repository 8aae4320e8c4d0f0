import { Dispatcher, fetch, type RequestInfo, type RequestInit, type Response } from "undici";
import { AccessError } from "./errors.ts";
import { resolveTarget } from "./target.ts";

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
  const url = typeof input === "object" && "url" in input ? input.url : input;
  const { origin, path } = resolveTarget(url, origins);
  const dispatcher = withOriginalBody(dispatcherOf(origin), init.body);
  try {
    return await fetch(typeof input === "object" && "url" in input ? input : `${origin}${path}`, {
      ...init,
      dispatcher,
    });
  } catch (error) {
    throw error instanceof TypeError && error.cause instanceof AccessError ? error.cause : error;
  }
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

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Dispatcher, Pool } from "undici";
import { hasBody } from "./framing.ts";
import { type RawHeaders, responseHeaders } from "./headers.ts";
import { classifyUpstreamError, type UpstreamFailure } from "./upstream-errors.ts";
import { joinSockets, type Upgrade } from "./websocket.ts";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly pool: Pool;
  /** TLS name of the origin: the Host header says ours. */
  readonly serverName: string | undefined;
  /** Path and query, as received. */
  readonly path: string;
  readonly headers: string[];
  /** Added to the origin's response. */
  readonly ownResponseHeaders: RawHeaders;
  /** Set when the client asks for a WebSocket. */
  readonly upgrade: Upgrade | undefined;
  /** Called once the WebSocket is open, with the way to cut it. */
  readonly onJoined: (close: () => void) => void;
}

export type ForwardOutcome =
  | { readonly kind: "answered"; readonly status: number }
  /** The origin failed before its head: nothing was sent yet. */
  | { readonly kind: "failed"; readonly failure: UpstreamFailure }
  /** The origin failed, or the client left, after the head: the connection was cut. */
  | { readonly kind: "cut"; readonly status: number; readonly by: "client" | "origin"; readonly code: string };

/**
 * Sends a request to the origin and its answer back. Bodies stream both ways and wait for the slower side; when either side
 * leaves, the other is told. A GET or HEAD that meets a connection which the origin just closed is sent once more.
 */
export async function forward(exchange: Exchange): Promise<ForwardOutcome> {
  const outcome = await forwardOnce(exchange);
  const isStale = outcome.kind === "failed" && CUT_CONNECTION.has(outcome.failure.code);
  return isStale && isRepeatable(exchange) ? forwardOnce(exchange) : outcome;
}

/** How it shows that an origin closed a kept-alive connection just as a request went out on it. */
const CUT_CONNECTION: ReadonlySet<string> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/** Whether the origin may get it twice (RFC 9110, 9.2.2). A body is gone once it was sent. */
function isRepeatable({ request, upgrade }: Exchange): boolean {
  const { method, headers } = request;
  return (method === "GET" || method === "HEAD") && !hasBody(headers) && headers.expect === undefined && !upgrade;
}

function forwardOnce(exchange: Exchange): Promise<ForwardOutcome> {
  const { promise, resolve } = Promise.withResolvers<ForwardOutcome>();
  const { request, pool, path, headers, upgrade, serverName } = exchange;
  const handler = new ForwardHandler(exchange, resolve);
  if (request.headers.expect !== undefined) exchange.response.writeContinue();
  const options: Dispatcher.DispatchOptions = {
    path,
    method: request.method as Dispatcher.HttpMethod,
    headers,
    body: hasBody(request.headers) ? request : null,
    ...(upgrade === undefined ? {} : { upgrade: "websocket" }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
  try {
    pool.dispatch(options, handler);
  } catch (error) {
    // undici throws on a request it would not write, such as one with an invalid header.
    handler.onResponseError(undefined, error as Error);
  }
  return promise;
}

const CLIENT_GONE = "CLIENT_GONE";

class ClientGoneError extends Error {
  readonly code = CLIENT_GONE;
}

class ForwardHandler implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange;
  readonly #resolve: (outcome: ForwardOutcome) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #isClientGone = false;

  constructor(exchange: Exchange, resolve: (outcome: ForwardOutcome) => void) {
    this.#exchange = exchange;
    this.#resolve = resolve;
    exchange.response.once("close", () => this.#onClientClose());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isClientGone) controller.abort(new ClientGoneError());
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusMessage?: string,
  ): void {
    // 1xx are about this hop; the final answer follows.
    if (status < 200) return;
    this.#status = status;
    const { response, ownResponseHeaders } = this.#exchange;
    response.writeHead(
      status,
      reasonPhrase(statusMessage),
      responseHeaders(rawHeaders(controller), ownResponseHeaders),
    );
    response.on("drain", () => controller.resume());
    // The head leaves with the first chunk if that is here already, else alone: a stream may be silent for long.
    setImmediate(() => {
      if (!response.destroyed && !response.writableEnded) response.flushHeaders();
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#exchange.response.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#exchange.response.end();
    this.#resolve({ kind: "answered", status: this.#status });
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, _headers: unknown, origin: Duplex): void {
    const { upgrade, response, ownResponseHeaders, onJoined } = this.#exchange;
    this.#status = status;
    response.statusCode = status;
    if (upgrade === undefined || this.#isClientGone) {
      origin.destroy();
      return;
    }
    onJoined(joinSockets(upgrade, origin, responseHeaders(rawHeaders(controller), ownResponseHeaders)));
    this.#resolve({ kind: "answered", status });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const { response } = this.#exchange;
    const failure = classifyUpstreamError(error);
    if (this.#isClientGone) {
      this.#resolve({ kind: "cut", status: this.#status, by: "client", code: CLIENT_GONE });
    } else if (response.headersSent) {
      response.destroy();
      this.#resolve({ kind: "cut", status: this.#status, by: "origin", code: failure.code });
    } else {
      this.#resolve({ kind: "failed", failure });
    }
  }

  #onClientClose(): void {
    if (this.#exchange.response.writableFinished) return;
    this.#isClientGone = true;
    this.#controller?.abort(new ClientGoneError());
    this.#resolve({ kind: "cut", status: this.#status, by: "client", code: CLIENT_GONE });
  }
}

/** Words that Node would not write, such as some in an origin's own language, are left out: nobody may rely on them (RFC 9112, 4). */
function reasonPhrase(received = ""): string {
  return /^[\t\x20-\x7e]*$/.test(received) ? received : "";
}

function rawHeaders({ rawHeaders: raw }: Dispatcher.DispatchController): string[] {
  return Array.isArray(raw) ? raw.map((part) => (typeof part === "string" ? part : part.toString("latin1"))) : [];
}

import { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Seat } from "../limits/roster.ts";
import type { ClientRequest, ClientResponse } from "./client-message.ts";
import { atEndOfTurn } from "./end-of-turn.ts";
import { framingHeaders, hasBody } from "./framing.ts";
import { isForClient, type RawHeaders, responseHeaders, withoutLength } from "./headers.ts";
import type { OriginConnection, OriginExchange } from "./origin-connection.ts";
import type { OriginPool, Waiting } from "./origin-pools.ts";
import { createRequestBody, type RequestBody } from "./request-body.ts";
import { requestHead } from "./request-head.ts";
import type { ResponseHead } from "./response-parser.ts";
import { free } from "./spent-memory.ts";
import { declaredTrailers, responseTrailers } from "./trailers.ts";
import { classifyUpstreamError, type UpstreamFailure } from "./upstream-errors.ts";
import { joinSockets, type Upgrade } from "./websocket.ts";

export interface Exchange {
  readonly request: ClientRequest;
  readonly response: ClientResponse;
  readonly pool: OriginPool;
  /** Path and query, as received. */
  readonly path: string;
  readonly headers: RawHeaders;
  /** Added to the origin's response. */
  readonly ownResponseHeaders: RawHeaders;
  /** Set when the client asks for a WebSocket. */
  readonly upgrade: Upgrade | undefined;
  /** Called with the way to cut the exchange; what it gives is called when the exchange, or the WebSocket, is over. */
  readonly onOpen: (cut: () => void) => () => void;
}

export type ForwardOutcome =
  | { readonly kind: "answered"; readonly status: number }
  /** The origin failed before its head: nothing was sent yet. */
  | { readonly kind: "failed"; readonly failure: UpstreamFailure }
  /** The origin failed, the client left, or the gateway ended what may no longer go on: the connection was cut. */
  | {
      readonly kind: "cut";
      readonly status: number;
      readonly by: "client" | "origin" | "gateway";
      readonly code: string;
    };

/**
 * Sends a request to the origin and its answer back. Bodies stream both ways and wait for the slower side; when either side
 * leaves, the other is told. A GET or HEAD that meets a connection which the origin just closed is sent once more.
 *
 * @param onOver Called once, with how it ended.
 */
export function forward(exchange: Exchange, onOver: (outcome: ForwardOutcome) => void): void {
  new Forwarding(exchange, onOver).begin();
}

/** An origin that knows nothing of 100-continue never asks for the body (RFC 9110, 10.1.1). */
const CONTINUE_TIMEOUT_MS = 1_000;
/** Up to this, a body that is all here is sent in one piece with the head. */
const MAX_JOINED_BYTES = 16 * 1_024;

class Forwarding implements OriginExchange, Waiting {
  readonly method: string;
  readonly head: string;
  readonly asksUpgrade: boolean;
  answerBy: number;
  readonly #exchange: Exchange;
  readonly #onOver: (outcome: ForwardOutcome) => void;
  readonly #body: RequestBody;
  readonly #forget: () => void;
  #connection: OriginConnection | undefined;
  /** That the answer begins in time is watched from here. */
  #waiting: Seat<Waiting> | undefined;
  #originHead: ResponseHead | undefined;
  #isRetried = false;
  /** Whether any of it was written to an origin. */
  #isBegun = false;
  #isOver = false;
  #isFlushing = false;
  /** The end of the body, if it is short. */
  #last = "";
  /** Set while the client waits to be asked for its body. */
  #continueTimer: NodeJS.Timeout | undefined;

  constructor(exchange: Exchange, onOver: (outcome: ForwardOutcome) => void) {
    const { request, response, pool, path, headers, upgrade, onOpen } = exchange;
    this.#exchange = exchange;
    this.#onOver = onOver;
    this.method = request.method ?? "GET";
    this.asksUpgrade = upgrade !== undefined;
    this.head = requestHead(request, path, headers, this.asksUpgrade);
    this.answerBy = pool.answerBy();
    this.#body = createRequestBody(request);
    this.#forget = onOpen(() => this.#cut());
    response.once("close", () => this.#onClientClose());
  }

  begin(): void {
    const { pool, response } = this.#exchange;
    if (response.destroyed) {
      this.#onClientClose();
      return;
    }
    this.#waiting = pool.await(this);
    this.#connection = pool.send(this, this.#isRetried);
  }

  cancel(error: Error): void {
    this.#connection?.destroy(error);
  }

  onSending(connection: OriginConnection): void {
    this.#connection = connection;
    this.#isBegun = true;
    if (framingHeaders(this.#exchange.request).expect === undefined) this.#sendBody();
    else this.#continueTimer = setTimeout(() => this.#continue(), CONTINUE_TIMEOUT_MS);
  }

  onInterim({ status, headers }: ResponseHead): void {
    const { request, response } = this.#exchange;
    if (status === 100) this.#continue();
    else if (request.httpVersionMinor > 0) response.writeInformation(status, responseHeaders(headers, []));
  }

  onHead(head: ResponseHead): void {
    this.#answered();
    this.#originHead = head;
    const { response, ownResponseHeaders } = this.#exchange;
    if (head.status === 101) return;
    if (this.#continueTimer !== undefined) {
      // The body that was announced will not be asked for: only the end of the connection tells it from a next request.
      response.shouldKeepAlive = false;
      this.#stopWaiting();
    }
    const received = head.status === 204 ? withoutLength(head.headers) : head.headers;
    const headers = responseHeaders(received, ownResponseHeaders);
    const trailers = this.#mayHaveTrailers(head) ? declaredTrailers(head.headers, isForClient) : [];
    if (trailers.length > 0) headers.push("trailer", trailers.join(", "));
    response.writeHead(head.status, reasonPhrase(head.reason), headers);
  }

  onBody(piece: Buffer, isLast: boolean): void {
    const { response } = this.#exchange;
    if (isLast && piece.length <= MAX_JOINED_BYTES) {
      this.#last = piece.toString("latin1");
      return;
    }
    const own = Buffer.from(piece);
    if (!response.write(own, () => free(own)) && !isLast) this.#waitForClient();
  }

  onEnd(trailers: RawHeaders): void {
    const { response } = this.#exchange;
    const head = this.#originHead;
    if (head !== undefined && trailers.length > 0 && this.#mayHaveTrailers(head)) {
      response.addTrailers(responseTrailers(head.headers, trailers));
    }
    atEndOfTurn(() => this.#endResponse());
    // What the client has not taken yet is out of the origin's hands: its connection is free for the next.
    this.#connection?.socket.resume();
    this.#body.stop();
    this.#end({ kind: "answered", status: response.statusCode });
  }

  /** The head leaves with the first of the body if that is about to come, else alone: a stream may be silent for long. */
  onPause(): void {
    const { response } = this.#exchange;
    if (this.#isFlushing || !response.headersSent) return;
    this.#isFlushing = true;
    atEndOfTurn(() => {
      if (!this.#isOver && !response.destroyed) response.flushHeaders();
    });
  }

  onDrain(): void {
    this.#body.resume();
  }

  isSent(): boolean {
    return this.#body.isSent();
  }

  onSwitched(origin: Socket, rest: Buffer | undefined): void {
    const { upgrade, response, ownResponseHeaders } = this.#exchange;
    const head = this.#originHead;
    if (upgrade === undefined || head === undefined || this.#isOver) {
      origin.destroy();
      return;
    }
    response.statusCode = head.status;
    if (rest !== undefined) origin.unshift(rest);
    const close = joinSockets(upgrade, origin, responseHeaders(withoutLength(head.headers), ownResponseHeaders));
    this.#connection = undefined;
    this.#closeJoined = close;
    upgrade.socket.once("close", this.#forget);
    this.#isOver = true;
    this.#onOver({ kind: "answered", status: head.status });
  }

  #closeJoined: (() => void) | undefined;

  onError(error: Error): void {
    const { response } = this.#exchange;
    this.#answered();
    const failure = classifyUpstreamError(error);
    if (this.#mayRetry(failure)) {
      this.#isRetried = true;
      this.begin();
      return;
    }
    this.#body.stop();
    if (response.headersSent) {
      cutAnswer(response);
      this.#end({ kind: "cut", status: response.statusCode, by: "origin", code: failure.code });
    } else {
      this.#end({ kind: "failed", failure });
    }
  }

  /**
   * Whether a connection that was used before was closed just as the request went out, and the origin may get it twice (RFC 9110,
   * 9.2.2), or has not begun to get it.
   */
  #mayRetry({ code }: UpstreamFailure): boolean {
    const { request } = this.#exchange;
    const isStale = this.#connection?.isReused === true && this.#originHead === undefined && CUT_CONNECTION.has(code);
    const isSafe =
      (this.method === "GET" || this.method === "HEAD") &&
      !hasBody(request) &&
      framingHeaders(request).expect === undefined;
    return isStale && (isSafe || !this.#isBegun) && !this.#isRetried;
  }

  #endResponse(): void {
    const { response } = this.#exchange;
    // The client may have left in the same turn.
    if (!response.destroyed) response.end(this.#last, "latin1");
  }

  #sendBody(): void {
    const socket = this.#connection?.socket;
    if (socket === undefined) return;
    this.#body.start(socket, () => {
      // The origin's time to answer begins anew with each piece that it is sent.
      this.answerBy = this.#exchange.pool.answerBy();
    });
  }

  /** Asks the client for its body, once. */
  #continue(): void {
    if (this.#continueTimer === undefined) return;
    this.#stopWaiting();
    const { request, response } = this.#exchange;
    if (request.httpVersionMinor > 0 && response instanceof ServerResponse) response.writeContinue();
    this.#sendBody();
  }

  #stopWaiting(): void {
    clearTimeout(this.#continueTimer);
    this.#continueTimer = undefined;
  }

  #waitForClient(): void {
    const socket = this.#connection?.socket;
    if (socket === undefined || socket.isPaused()) return;
    socket.pause();
    this.#exchange.response.once("drain", () => socket.resume());
  }

  #answered(): void {
    if (this.#waiting !== undefined) this.#exchange.pool.answered(this.#waiting);
  }

  #mayHaveTrailers({ headers, status }: ResponseHead): boolean {
    const isChunked = headers.some(
      (name) => name.length === "transfer-encoding".length && /^transfer-encoding$/i.test(name),
    );
    return (
      isChunked &&
      this.method !== "HEAD" &&
      status !== 204 &&
      status !== 304 &&
      this.#exchange.request.httpVersionMinor > 0
    );
  }

  #onClientClose(): void {
    if (this.#exchange.response.writableFinished) return;
    this.#leave("client", CLIENT_GONE);
  }

  #cut(): void {
    if (this.#closeJoined !== undefined) this.#closeJoined();
    else {
      this.#leave("gateway", NO_LONGER_ALLOWED);
      cutAnswer(this.#exchange.response);
    }
  }

  /** Gives the exchange up on both sides. */
  #leave(by: "client" | "gateway", code: string): void {
    if (this.#isOver) return;
    const { response } = this.#exchange;
    this.#answered();
    this.#body.stop();
    this.#connection?.destroy();
    this.#end({ kind: "cut", status: response.headersSent ? response.statusCode : 0, by, code });
  }

  #end(outcome: ForwardOutcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopWaiting();
    this.#forget();
    this.#onOver(outcome);
  }
}

/** One that waits behind another has no connection yet, and ends it when its turn comes: Node would wait for its end for good. */
function cutAnswer(response: ClientResponse): void {
  if (response.socket === null) response.once("socket", (socket) => socket.destroy());
  else response.destroy();
}

/** How it shows that an origin closed a kept-alive connection just as a request went out on it. */
const CUT_CONNECTION: ReadonlySet<string> = new Set(["ORIGIN_CLOSED", "ECONNRESET", "EPIPE"]);
const CLIENT_GONE = "CLIENT_GONE";
const NO_LONGER_ALLOWED = "NO_LONGER_ALLOWED";

/** Words that Node would not write, such as some in an origin's own language, are left out: nobody may rely on them (RFC 9112, 4). */
function reasonPhrase(received: string): string {
  return /^[\t\x20-\x7e]*$/.test(received) ? received : "";
}

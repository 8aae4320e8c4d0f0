import type { IncomingHttpHeaders } from "node:http";
import { PlainRequest } from "../plain/plain-request.ts";
import type { ClientRequest } from "./client-message.ts";
import type { Upgrade } from "./websocket.ts";

/** What, beyond the target, makes a request one that two servers could read in two ways; undefined when nothing does. */
export function framingProblem(request: ClientRequest, upgrade: Upgrade | undefined): string | undefined {
  const { method } = request;
  const headers = framingHeaders(request);
  // TRACE would echo the JWT that we add to whoever asks.
  if (method === "TRACE" || method === "CONNECT") return `${method} is not served`;
  const encoding = headers["transfer-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "chunked") return "a transfer coding other than chunked";
  if (encoding !== undefined && headers["content-length"] !== undefined) return "two lengths of the body";
  const expectation = headers.expect;
  if (expectation !== undefined && expectation.toLowerCase() !== "100-continue") return "an unknown expectation";
  return upgrade?.hasEarlyBytes === true ? "bytes before the WebSocket was agreed" : undefined;
}

/** The headers among which those are that frame a request. A plain one has none of them. */
export function framingHeaders(request: ClientRequest): IncomingHttpHeaders {
  return request instanceof PlainRequest ? NO_HEADERS : request.headers;
}

const NO_HEADERS: IncomingHttpHeaders = {};

/** Whether a body follows the head (RFC 9112, 6.3). */
export function hasBody(request: ClientRequest): boolean {
  const headers = framingHeaders(request);
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

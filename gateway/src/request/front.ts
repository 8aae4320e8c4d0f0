import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { networkOf } from "../limits/client-network.ts";
import { MAX_HEADERS } from "../limits/request-limits.ts";
import type { Parts } from "../parts.ts";
import { openPlainLane } from "../plain/plain-lane.ts";
import { isWebSocketHandshake, responseOn, type Upgrade } from "../proxy/websocket.ts";
import { createClientErrors, SilentClientError } from "./client-error.ts";
import { findCredential } from "./credential.ts";
import { spareUntaken } from "./idle-connections.ts";
import { recordVisit } from "./record-visit.ts";
import { refuse } from "./refusal.ts";
import { type Refusal, refuseVisit } from "./refuse-visit.ts";
import { recognizeRequester } from "./requester.ts";
import { type Over, serve } from "./serve.ts";
import { answer, openVisit, type Visit } from "./visit.ts";

/** A client has this long to send its head. */
const HEAD_TIMEOUT_MS = 15_000;
/** … and this long for the whole request, uploads included. */
const REQUEST_TIMEOUT_MS = 30 * 60_000;
/** Both are looked after at this pace. */
const TIMEOUT_CHECK_INTERVAL_MS = 5_000;
/** Longer than load balancers keep an idle connection, or they would send a request on one that is just being closed. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
const DROP_WARNING_INTERVAL_MS = 10_000;

/**
 * The server that faces the clients: one visit per request. Plain requests are read by the plain lane, all else by Node's HTTP
 * parser at its strictest.
 */
export function openFront(parts: Parts): Server {
  const options: ServerOptions = {
    insecureHTTPParser: false,
    maxHeaderSize: parts.limits.headerBytes,
    headersTimeout: HEAD_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    shouldUpgradeCallback: isWebSocketHandshake,
    // A request without a body gets no stream to read it from, which costs more than all our own checks.
    optimizeEmptyRequests: true,
  };
  const clientErrors = createClientErrors(parts);
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    clientErrors.watch(request, response);
    handle(openVisit(request, response, parts.readFacts(request)), parts);
  };
  const server =
    parts.tls === undefined ? createServer(options, onRequest) : parts.tls.createServer(options, onRequest);
  // Headers past a maximum would vanish unseen; their bytes are limited instead.
  server.maxHeadersCount = 0;
  server.maxConnections = parts.limits.connections;
  warnOfDrops(server, parts);
  const event = parts.tls === undefined ? "connection" : "secureConnection";
  spareUntaken(server, event, clientErrors.isUntaken);
  openPlainLane(server, {
    event,
    maxHeadBytes: parts.limits.headerBytes,
    keepAliveMs: KEEP_ALIVE_TIMEOUT_MS,
    firstHeadMs: HEAD_TIMEOUT_MS,
    onRequest: (request, response) => handle(openVisit(request, response, parts.readFacts(request)), parts),
    onSilent: (socket) => server.emit("clientError", new SilentClientError(), socket),
  });
  server.on("checkContinue", onRequest);
  server.on("checkExpectation", onRequest);
  server.on("clientError", clientErrors.answer);
  server.on("upgrade", (request, socket, head) => {
    // Sent before the answer to an earlier request is out: the connection cannot be both, and no WebSocket client does this.
    if (clientErrors.isBusy(socket)) socket.destroy();
    else onUpgrade(request, socket, head, parts);
  });
  return server;
}

/** Connections past the maximum get no answer, so somebody must be told; not of each, for there are many then. */
function warnOfDrops(server: Server, { logger, limits, now }: Parts): void {
  let warnedAtMs = 0;
  let dropped = 0;
  server.on("drop", () => {
    dropped += 1;
    if (now() - warnedAtMs < DROP_WARNING_INTERVAL_MS) return;
    warnedAtMs = now();
    logger.warn({ dropped, maxConnections: limits.connections }, "connections are not accepted: there are too many");
    dropped = 0;
  });
}

function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, parts: Parts): void {
  const response = responseOn(request, socket);
  const upgrade: Upgrade = {
    socket,
    release: () => response.detachSocket(request.socket),
    hasEarlyBytes: head.length > 0,
  };
  handle(openVisit(request, response, parts.readFacts(request), upgrade), parts);
}

/** The outer frame of a request: whatever happens inside, it is answered and recorded. */
function handle(visit: Visit, parts: Parts): void {
  const { response, record } = visit;
  parts.metrics.requestStarted();
  const network = networkOf(visit.facts.ip);
  const seat = parts.openRequests.enter(response, network);
  let isOver = false;
  const over: Over = (error) => {
    if (isOver) return;
    isOver = true;
    if (error !== undefined) {
      record.error = error;
      record.decision = "refused";
      record.reason = "store_unavailable";
      answerFailure(visit);
    }
    parts.openRequests.leave(seat, network);
    recordVisit(visit, parts);
  };
  const excess = excessOf(visit, network, parts);
  if (excess === undefined) serve(visit, parts, over);
  else refuseVisit(visit, parts, excess).then(over, over);
}

/** What is too much, of all requests or in this one, is refused before it is looked at. */
function excessOf({ request, response }: Visit, network: string, { openRequests }: Parts): Refusal | undefined {
  const crowding = openRequests.crowding(network);
  if (crowding !== undefined) return { reason: crowding };
  if (request.rawHeaders.length <= 2 * MAX_HEADERS) return undefined;
  response.shouldKeepAlive = false;
  return { reason: "headers_too_large", detail: `more than ${MAX_HEADERS} headers` };
}

/** The last resort: what fails here too would be nobody's rejection, and end the process. */
function answerFailure(visit: Visit): void {
  const { rayId, request } = visit;
  const nothing = { application: undefined, login: undefined, email: undefined, isSafeMethod: false };
  try {
    const requester = recognizeRequester(request.headers, findCredential(request.rawHeaders));
    answer(visit, refuse("store_unavailable", { ...nothing, rayId, requester }));
  } catch {
    visit.response.destroy();
  }
}

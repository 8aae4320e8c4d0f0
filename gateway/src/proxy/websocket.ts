import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { RawHeaders } from "./headers.ts";

/** A client's connection that asks to become a WebSocket. */
export interface Upgrade {
  readonly socket: Duplex;
  /** Detaches the HTTP response, so that raw bytes may be written. */
  release(): void;
  /** Whether the client sent bytes before the protocol was agreed. */
  readonly hasEarlyBytes: boolean;
}

/**
 * Whether Node should hand the connection over: for exactly a WebSocket handshake (RFC 6455, 4.2.1). Anything else, such as
 * `h2c`, is served as an ordinary request, and its Upgrade header goes no further.
 */
export function isWebSocketHandshake(request: IncomingMessage): boolean {
  const { headers, method } = request;
  return (
    method === "GET" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    headers["sec-websocket-key"] !== undefined &&
    headers["content-length"] === undefined &&
    headers["transfer-encoding"] === undefined
  );
}

/** Whoever stays behind has this long to close their side, too. */
const GOODBYE_MS = 2_000;

/** An ordinary response on a connection that asked for an upgrade: refusals go out through it, and end it. */
export function responseOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Parameters<ServerResponse["assignSocket"]>[0]);
  response.once("finish", () => {
    response.detachSocket(socket as Parameters<ServerResponse["detachSocket"]>[0]);
    // Node looks after it no more: a client that never closes its side would keep the connection for good.
    setTimeout(() => socket.destroy(), GOODBYE_MS).unref();
    socket.resume().end();
  });
  // A client that resets its connection is no error of ours; the response's close event tells.
  socket.on("error", () => socket.destroy());
  return response;
}

/** Answers 101 with the origin's headers and lets bytes flow both ways until either side ends. Gives the way to cut both. */
export function joinSockets(upgrade: Upgrade, origin: Duplex, headers: RawHeaders): () => void {
  const { socket } = upgrade;
  const close = () => {
    origin.destroy();
    socket.destroy();
  };
  upgrade.release();
  for (const side of [origin, socket]) {
    side.on("error", close).on("close", close);
    // WebSockets know no half-closed state: whoever stays behind gets a moment to say goodbye.
    side.on("end", () => setTimeout(close, GOODBYE_MS).unref());
  }
  socket.write(handshakeAnswer(headers), "latin1");
  origin.pipe(socket);
  socket.pipe(origin);
  return close;
}

function handshakeAnswer(headers: RawHeaders): string {
  const lines = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket"];
  for (let index = 0; index < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

import type { Server } from "node:http";
import type { Socket } from "node:net";
import { PlainConnection, type PlainConnectionDeps } from "./plain-connection.ts";

export interface PlainLaneOptions extends Pick<PlainConnectionDeps, "maxHeadBytes" | "keepAliveMs" | "onRequest"> {
  /** By which the server tells of a connection that requests are read from. */
  readonly event: "connection" | "secureConnection";
  /** A client has this long to begin its first request. */
  readonly firstHeadMs: number;
  /** Called with a connection that was silent for so long from its beginning. */
  readonly onSilent: (socket: Socket) => void;
}

/** Both times are looked after at this pace. */
const SWEEP_INTERVAL_MS = 5_000;

/**
 * Reads connections of Node's server as long as they bring plain requests, which nearly all are, without Node's parser, request and
 * response. The first that is not plain goes, with its connection, to Node's own listener.
 *
 * The server closes them with its others: idle ones by `closeIdleConnections`, all by `closeAllConnections`.
 */
export function openPlainLane(server: Server, options: PlainLaneOptions): void {
  const { event, maxHeadBytes, keepAliveMs, firstHeadMs, onRequest, onSilent } = options;
  const connections = new Set<PlainConnection>();
  const nodes = takeListeners(server, event);
  const deps: PlainConnectionDeps = {
    maxHeadBytes,
    keepAliveMs,
    onRequest,
    now: () => performance.now(),
    onGone: (connection) => connections.delete(connection),
    handOver(socket, bytes) {
      socket.pause();
      for (const listener of nodes) listener.call(server, socket);
      socket.unshift(bytes);
      socket.resume();
    },
  };
  server.on(event, (socket: Socket) => connections.add(new PlainConnection(socket, deps)));
  const sweep = setInterval(() => {
    const nowMs = performance.now();
    for (const connection of connections) {
      connection.noteIfUntaken(nowMs);
      const { socket, hasServed, idleSinceMs = nowMs } = connection;
      if (nowMs - idleSinceMs <= (hasServed ? keepAliveMs : firstHeadMs)) continue;
      connections.delete(connection);
      if (hasServed) socket.destroy();
      else onSilent(socket);
    }
  }, SWEEP_INTERVAL_MS).unref();
  server.once("close", () => clearInterval(sweep));
  closeWith(server, connections);
}

/** Takes Node's own listeners off the event, to be called for what is theirs. */
function takeListeners(server: Server, event: PlainLaneOptions["event"]): readonly ((socket: Socket) => void)[] {
  const listeners = server.listeners(event) as ((socket: Socket) => void)[];
  server.removeAllListeners(event);
  return listeners;
}

function closeWith(server: Server, connections: ReadonlySet<PlainConnection>): void {
  const closeIdle = server.closeIdleConnections.bind(server);
  const closeAll = server.closeAllConnections.bind(server);
  server.closeIdleConnections = () => {
    closeIdle();
    for (const connection of connections) if (connection.isIdle) connection.socket.destroy();
  };
  server.closeAllConnections = () => {
    closeAll();
    for (const { socket } of connections) socket.destroy();
  };
}

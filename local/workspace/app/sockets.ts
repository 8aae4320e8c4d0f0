import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "@gatehouse/service";
import { type WebSocket, WebSocketServer } from "ws";
import { createTickets } from "./tickets.ts";

/** What the app sends back about an envelope. */
export interface Ack {
  readonly envelopeId: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface SocketsDeps {
  readonly appId: string;
  readonly logger: Logger;
  readonly onAck: (ack: Ack) => void;
  /** The number of open sockets changed; called after a new one was greeted. */
  readonly onChange: (count: number) => void;
}

type DisconnectReason = "warning" | "refresh_requested" | "link_disabled";

/** The app's Socket Mode connections. https://docs.slack.dev/apis/events-api/using-socket-mode */
export interface Sockets {
  /** A ticket for one connection. */
  issueTicket(): string;
  /** Takes over an HTTP upgrade; false when the ticket is unknown or used. */
  accept(ticket: string, request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Sends to one connection, in turn; false when there is none. */
  send(frame: object): boolean;
  count(): number;
  /** Tells every connection to go and come back, as Slack does every few hours. */
  disconnect(reason: DisconnectReason): void;
  close(): void;
}

const MAX_FRAME_BYTES = 1024 * 1024;

export function createSockets(deps: SocketsDeps): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const tickets = createTickets();
  const all = new Set<WebSocket>();
  /** Those that take envelopes, the next one first; without those that were told to go. */
  let open: WebSocket[] = [];

  const greet = (socket: WebSocket) => {
    all.add(socket);
    open.push(socket);
    socket.on("message", (data) => receive(String(data), deps));
    socket.on("error", (error) => deps.logger.warn({ err: error }, "app socket failed"));
    socket.on("close", () => {
      all.delete(socket);
      open = open.filter((one) => one !== socket);
      deps.onChange(open.length);
    });
    socket.send(JSON.stringify(hello(deps.appId, open.length)));
    deps.onChange(open.length);
  };

  return {
    issueTicket: tickets.issue,
    accept(ticket, request, socket, head) {
      if (!tickets.take(ticket)) return false;
      server.handleUpgrade(request, socket, head, greet);
      return true;
    },
    send(frame) {
      const next = open.shift();
      if (next === undefined) return false;
      open.push(next);
      next.send(JSON.stringify(frame));
      return true;
    },
    count: () => open.length,
    disconnect(reason) {
      const frame = JSON.stringify({ type: "disconnect", reason, debug_info: { host: "local" } });
      for (const socket of open) socket.send(frame);
      open = [];
      deps.onChange(0);
    },
    close() {
      for (const socket of all) socket.terminate();
      server.close();
    },
  };
}

function hello(appId: string, connections: number): object {
  const debug = { host: "local", approximate_connection_time: 18_060 };
  return { type: "hello", num_connections: connections, connection_info: { app_id: appId }, debug_info: debug };
}

function receive(text: string, { logger, onAck }: SocketsDeps): void {
  try {
    const frame: unknown = JSON.parse(text);
    if (typeof frame !== "object" || frame === null || !("envelope_id" in frame)) return;
    const payload = "payload" in frame && typeof frame.payload === "object" ? frame.payload : null;
    onAck({ envelopeId: String(frame.envelope_id), payload: { ...payload } });
  } catch {
    logger.warn("the app sent a frame that is not JSON");
  }
}

import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Sockets } from "./app/sockets.ts";
import { refusalOf } from "./guard.ts";
import type { Identities } from "./identities.ts";
import type { PushSocket } from "./people/push-socket.ts";

export interface UpgradesDeps {
  readonly sockets: Pick<Sockets, "accept">;
  readonly pages: PushSocket;
  readonly identities: Identities;
}

/** Answers WebSocket upgrades: the app's, which carry a ticket, and the pages', which say for whom. */
export function addUpgrades(server: Server, { sockets, pages, identities }: UpgradesDeps): void {
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const url = URL.parse(request.url ?? "", "http://127.0.0.1");
    if (url === null || refusalOf(request.headers) !== undefined) return refuse(socket, "403 Forbidden");
    if (url.pathname === "/socket-mode") {
      const isAccepted = sockets.accept(url.searchParams.get("ticket") ?? "", request, socket, head);
      return isAccepted ? undefined : refuse(socket, "401 Unauthorized");
    }
    const person = identities.person(url.searchParams.get("as") ?? "");
    if (url.pathname !== "/workspace/socket" || person === undefined) return refuse(socket, "404 Not Found");
    pages.accept(person.id, request, socket, head);
  });
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

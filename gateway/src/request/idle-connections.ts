import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Node calls a connection idle once its answer was ended, though the client has not taken all of it yet: to close it would cut a
 * slow download short. While there is such a one, `closeIdleConnections`, and with it `close`, leaves all alone: whoever
 * closes the server asks again.
 *
 * @param event By which the server tells of a connection that it reads requests from.
 * @param isUntaken Whether an answer on this connection was ended, and is not all sent.
 */
export function spareUntaken(
  server: Server,
  event: "connection" | "secureConnection",
  isUntaken: (socket: Socket) => boolean,
): void {
  const sockets = new Set<Socket>();
  server.on(event, (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    if (!sockets.values().some(isUntaken)) closeIdle();
  };
}

import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** An origin that speaks byte for byte as the test says. */
export interface RawOrigin {
  readonly url: string;
  /** Everything that each connection received, in the order of the connections. */
  readonly received: readonly string[];
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  /** What happens on each read from now on. */
  answerWith(handler: (socket: Socket, receivedSoFar: string) => void): void;
  close(): Promise<void>;
}

export async function startRawOrigin(): Promise<RawOrigin> {
  const received: string[] = [];
  const open = new Set<Socket>();
  let answer: (socket: Socket, receivedSoFar: string) => void = () => undefined;
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    const index = received.push("") - 1;
    open.add(socket);
    socket.on("close", () => open.delete(socket)).on("error", () => undefined);
    socket.on("data", (piece: Buffer) => {
      received[index] += piece.toString("latin1");
      answer(socket, received[index] ?? "");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    open,
    answerWith(handler) {
      answer = handler;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP connection to a server that can be broken: what a network does to a gateway and its database. */
export interface Link {
  /** The server's URL, through the link. */
  readonly url: string;
  /** Ends all connections and refuses new ones. */
  cut(): void;
  /** Keeps all connections and passes nothing on: the worst kind. */
  freeze(): void;
  restore(): void;
  close(): Promise<void>;
}

export async function openLink(serverUrl: string): Promise<Link> {
  const server = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let state: "open" | "cut" | "frozen" = "open";
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  };
  const listener = createServer((near) => {
    keep(near);
    if (state === "cut") return void near.destroy();
    const far = connect(Number(server.port), server.hostname);
    keep(far);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (chunk) => {
        if (state === "open") to.write(chunk);
      });
      from.once("close", () => to.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const url = new URL(serverUrl);
  url.port = String((listener.address() as AddressInfo).port);
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut() {
      state = "cut";
      destroyAll();
    },
    freeze() {
      state = "frozen";
    },
    restore() {
      // What was lost while frozen would leave both ends out of step.
      if (state === "frozen") destroyAll();
      state = "open";
    },
    async close() {
      destroyAll();
      listener.close();
      await once(listener, "close");
    },
  };
}

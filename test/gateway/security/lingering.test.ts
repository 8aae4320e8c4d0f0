import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway();
});
afterAll(() => it.close());

const HANDSHAKE = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: a2V5"];

/** Connections are counted against a limit, and closing the gateway waits for them: a stranger must not keep one. */
test.each([
  ["a refused WebSocket handshake", "GET / HTTP/1.1", HANDSHAKE],
  ["a refused request", "GET / HTTP/1.1", ["Connection: close"]],
  ["a request that cannot be read", "GET / HTTP/1.1", ["Content-Length: x"]],
])("%s leaves no connection behind, though the client never closes its side", async (_, line, headers) => {
  const socket = connect({ port: it.port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => undefined).resume();
  socket.write(`${[line, `Host: ${it.host}`, ...headers].join("\r\n")}\r\n\r\n`);
  await once(socket, "end");
  // Written bytes are refused once the other side has closed altogether.
  const isGone = () => {
    if (!socket.destroyed) socket.write("x");
    return socket.destroyed;
  };
  await expect.poll(isGone, { timeout: 10_000, interval: 100 }).toBe(true);
});

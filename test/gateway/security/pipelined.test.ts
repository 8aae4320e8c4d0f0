import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway();
});
afterAll(() => it.close());

test("a request that waits behind another is given up when its client leaves, however long the origin would go on", async () => {
  let left = 0;
  it.origin.answerWith((request, response) => {
    response.once("close", () => {
      left += 1;
    });
    if (request.url === "/stream")
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
  });
  const pair = Object.entries(it.pair).map(([name, value]) => `${name}: ${value}\r\n`);
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${it.host}\r\n${pair.join("")}\r\n`;
  const socket = connect(it.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(get("/slow") + get("/stream") + get("/stream"));
  await expect.poll(() => it.origin.requests.length, { timeout: 5_000 }).toBe(3);
  socket.destroy();
  await expect.poll(() => left, { timeout: 5_000 }).toBe(3);
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { sendRaw } from "../support/raw-request.ts";

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway();
});
afterAll(() => it.close());

const get = (lines: readonly string[] = []) =>
  `GET / HTTP/1.1\r\n${[`Host: ${it.host}`, ...lines].join("\r\n")}\r\n\r\n`;
const handshake = () =>
  get(["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: a2V5"]);

/** An exception that nothing catches would end the process: here it fails the run, and no later request is answered. */
describe("no bytes of a stranger end the process", () => {
  test.each([
    ["a WebSocket handshake behind a request that is not answered yet", () => get() + handshake()],
    ["a WebSocket handshake behind many of them", () => get().repeat(20) + handshake()],
    ["a WebSocket handshake behind a request that the parser refuses", () => `BAD\r\n\r\n${handshake()}`],
  ])("%s", async (_case, bytes) => {
    await sendRaw(it.port, bytes());
    const { status } = await sendRaw(it.port, get(["Connection: close"]));
    expect(status).toBe(401);
  });

  test("words beside the status that an origin writes in its own language", async () => {
    it.origin.answerWith((_, response) => void response.writeHead(200, "Größe").end("ok"));
    const pair = Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`);
    const { status, body } = await sendRaw(it.port, get([...pair, "Connection: close"]));
    expect(status).toBe(200);
    expect(body).toContain("ok");
  });
});

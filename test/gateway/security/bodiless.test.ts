import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { type RawOrigin, startRawOrigin } from "../support/raw-origin.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

let it: TestGateway;
let origin: RawOrigin;
beforeAll(async () => {
  origin = await startRawOrigin();
  it = await startGateway({
    applications: (host) => `
  - name: Raw
    aud: ${"c".repeat(64)}
    domain: ${host}/raw
    origin: ${origin.url}
    policies: [{ name: open, decision: bypass, include: [{ everyone: {} }] }]`,
  });
});
afterAll(async () => {
  await it.close();
  await origin.close();
});

/** The origin says this and nothing more. */
const says = (text: string) => origin.answerWith((socket) => void socket.end(text, "latin1"));
const handshake = () =>
  `${["GET /raw HTTP/1.1", `Host: ${it.host}`, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: a2V5"].join("\r\n")}\r\n\r\n`;

describe("an answer without a body", () => {
  test("names no length, for which somebody before us could wait", async () => {
    says("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello");
    const { status, head, text } = await sendRaw(it.port, rawRequest("/raw", [`Host: ${it.host}`]));
    expect([status, head.toLowerCase().includes("content-length"), text.includes("hello")]).toEqual([
      204,
      false,
      false,
    ]);
    expect(head).toContain("X-A: b");
  });

  test("that switches to a WebSocket neither", async () => {
    says("HTTP/1.1 101 x\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nContent-Length: 3\r\n\r\nabc");
    const { status, head, body } = await sendRaw(it.port, handshake());
    expect([status, head.toLowerCase().includes("content-length"), body]).toEqual([101, false, "abc"]);
  });

  test.each(["", "Upgrade: h2c\r\n", "Upgrade: websocket\r\nUpgrade: h2c\r\n", "Upgrade: websocket, h2c\r\n"])(
    "that switches to what nobody asked for is refused: %j",
    async (line) => {
      says(`HTTP/1.1 101 x\r\n${line}Connection: Upgrade\r\n\r\nevil`);
      const { status, text } = await sendRaw(it.port, handshake());
      expect([status, text.includes("evil")]).toEqual([502, false]);
    },
  );
});

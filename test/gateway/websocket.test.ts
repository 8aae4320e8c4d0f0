import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exchange, startGateway, type TestGateway } from "./support/gateway.ts";
import { sendRaw } from "./support/raw-request.ts";

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway();
  it.origin.upgradeWith((request, socket) => {
    const accept = createHash("sha1").update(
      `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
    );
    const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest("base64")}\r\n\r\n`;
    socket.write(`${head}hello`);
    socket.on("data", (chunk) => socket.write(`echo ${chunk}`));
    socket.on("end", () => socket.end());
    socket.on("error", () => undefined);
  });
});
afterEach(() => it.close());

const handshake = (lines: readonly string[] = [], upgrade = "websocket") =>
  [
    "GET /live?a=1 HTTP/1.1",
    `Host: ${it.host}`,
    "Connection: Upgrade",
    `Upgrade: ${upgrade}`,
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...lines,
  ].join("\r\n");
const pairLines = () => Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`);

async function openSocket(lines: readonly string[]): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect(it.port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  socket.on("error", () => undefined);
  socket.write(`${handshake(lines)}\r\n\r\n`);
  await expect.poll(() => text).toContain("hello");
  return { socket, received: () => text };
}

describe("WebSockets", () => {
  test("are let in like any request, and bytes flow both ways", async () => {
    const { socket, received } = await openSocket(pairLines());
    expect(received()).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(received()).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    expect(received()).toContain("CF_Authorization=");
    socket.write("frame");
    await expect.poll(received).toContain("echo frame");
    const seen = it.origin.requests.at(-1);
    expect(seen?.url).toBe("/live?a=1");
    expect(seen?.values("upgrade")).toEqual(["websocket"]);
    expect(seen?.values("cf-access-jwt-assertion")).toHaveLength(1);
    expect(seen?.values("cf-access-client-secret")).toEqual([]);
    socket.destroy();
  });

  test("find their way where a connection to the origin is kept from an ordinary request", async () => {
    expect((await fetch(it.url, { headers: it.pair })).status).toBe(200);
    const { socket, received } = await openSocket(pairLines());
    socket.write("frame");
    await expect.poll(received).toContain("echo frame");
    socket.destroy();
  });

  test("without a credential are refused as plain HTTP, and the connection ends", async () => {
    const answer = await sendRaw(it.port, `${handshake()}\r\n\r\n`);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body)).toMatchObject({ reason: "no_credential" });
    expect(it.origin.requests).toHaveLength(0);
  });

  test("whose client speaks before it is answered are refused", async () => {
    const answer = await sendRaw(it.port, `${handshake(pairLines())}\r\n\r\nearly`);
    expect(answer.status).toBe(400);
    expect(it.origin.requests).toHaveLength(0);
  });

  test("that the origin refuses end with the origin's answer", async () => {
    it.origin.upgradeWith((_, socket) => socket.end("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno"));
    const answer = await sendRaw(it.port, `${handshake(pairLines())}\r\n\r\n`);
    expect([answer.status, answer.body]).toEqual([426, "no"]);
  });

  test("close at once when their token is disabled, whichever way it came in", async () => {
    const jwt = await exchange(it);
    for (const lines of [pairLines(), [`cf-access-token: ${jwt}`]]) {
      const { socket } = await openSocket(lines);
      const closed = once(socket, "close");
      await it.gateway.tokens.disable(it.token.id);
      await closed;
      await it.gateway.tokens.enable(it.token.id);
    }
  });

  test("close when the JWT expires", async () => {
    const { socket } = await openSocket([`cf-access-token: ${await exchange(it)}`]);
    const closed = once(socket, "close");
    it.clock.nowMs += 25 * 3_600_000;
    await closed;
  });

  test("close with the other side, and with the gateway", async () => {
    const first = await openSocket(pairLines());
    const firstClosed = once(first.socket, "close");
    await it.restart();
    await firstClosed;
    const second = await openSocket(pairLines());
    second.socket.end();
    await once(second.socket, "close");
  });
});

import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account_id = "023e105f4ecef8ad9ca31a8372d0c353";
const EVERY_BOT = { name: "bots", decision: "non_identity", include: [{ any_valid_service_token: {} }] };

let it: TestGateway;
let appId = "";
beforeEach(async () => {
  it = await startGateway({ admin: true });
  it.origin.upgradeWith((request, socket) => {
    const text = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(text).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\nhello`,
    );
    socket.on("error", () => undefined);
  });
  appId = (await apps().create(application({ policies: [EVERY_BOT] }))).id ?? "";
});
afterEach(() => it.close());

const apps = () => it.api.zeroTrust.access.applications;

function application(changes: object) {
  const fields = { type: "self_hosted", name: "Live", domain: `${it.host}/live`, origin: it.origin.url };
  return { account_id, ...fields, ...changes } as never;
}

async function openSocket(path: string): Promise<Socket> {
  const socket = connect(it.port, "127.0.0.1");
  socket.on("error", () => undefined);
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${it.host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`),
  ];
  let text = "";
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  await expect.poll(() => text).toContain("hello");
  return socket;
}

describe("an open WebSocket", () => {
  test("ends when the policies of its application no longer let it in, and others stay", async () => {
    const socket = await openSocket("/live/1");
    const other = await openSocket("/elsewhere");
    await apps().update(appId, application({ policies: [{ ...EVERY_BOT, exclude: EVERY_BOT.include }] }));
    await expect.poll(() => socket.closed, { timeout: 10_000 }).toBe(true);
    expect(other.closed).toBe(false);
    other.destroy();
  });

  test("stays when a change leaves it let in", async () => {
    const socket = await openSocket("/live/1");
    await apps().update(appId, application({ name: "Renamed", policies: [EVERY_BOT] }));
    await it.gateway.tokens.create({ name: "another" });
    expect(socket.closed).toBe(false);
    socket.destroy();
  });

  test("ends when its path comes to belong to an application that does not let it in", async () => {
    const socket = await openSocket("/live/inner/1");
    await apps().create(application({ name: "Inner", domain: `${it.host}/live/inner` }));
    await expect.poll(() => socket.closed, { timeout: 10_000 }).toBe(true);
  });
});

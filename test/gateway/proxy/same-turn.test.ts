import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { type RawOrigin, startRawOrigin } from "../support/raw-origin.ts";

let it: TestGateway;
let origin: RawOrigin;
let client: Socket;
let answers: string;
beforeEach(async () => {
  origin = await startRawOrigin();
  it = await startGateway({
    applications: (host) => `
  - name: Raw
    aud: ${"c".repeat(64)}
    domain: ${host}/raw
    origin: ${origin.url}
    policies: [{ name: open, decision: bypass, include: [{ everyone: {} }] }]`,
  });
  client = connect(it.port, "127.0.0.1").setNoDelay(true);
  await once(client, "connect");
  answers = "";
  client.on("data", (piece) => (answers += String(piece))).on("error", () => undefined);
});
afterEach(async () => {
  client.destroy();
  await it.close();
  await origin.close();
});

const SOON = { interval: 5 };
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const ask = (method: string, path: string, body = "") =>
  `${method} /raw/${path} HTTP/1.1\r\nHost: ${it.host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const shakeHands = (method: string, path: string) =>
  `${method} /raw/${path} HTTP/1.1\r\nHost: ${it.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a2V5\r\n\r\n`;
const countOf = (text: string, part: string) => text.split(part).length - 1;

/** Each step of the test's own is in one turn with the next, so the gateway hears of both at once, in either order. */
describe("in one turn of the event loop", () => {
  test.each([
    ["closes", (socket: Socket) => socket.end()],
    ["resets", (socket: Socket) => socket.resetAndDestroy()],
    ["speaks unasked on", (socket: Socket) => socket.write(`${OK}evil`)],
  ])("an origin that %s its idle connection does not lose a POST, and gets it once", async (_, leave) => {
    origin.answerWith((socket, received) => void (received.endsWith("body") && socket.write(OK)));
    for (let round = 1; round <= 20; round += 1) {
      client.write(ask("POST", `a${round}`, "body"));
      await expect.poll(() => countOf(answers, OK.slice(-6)), SOON).toBe(2 * round - 1);
      for (const socket of origin.open) leave(socket);
      client.write(ask("POST", `b${round}`, "body"));
      await expect.poll(() => countOf(answers, OK.slice(-6)), SOON).toBe(2 * round);
    }
    expect(answers).not.toMatch(/evil|HTTP\/1\.1 50/);
    const received = origin.received.join("");
    for (let round = 1; round <= 20; round += 1) expect(countOf(received, `POST /raw/b${round} `)).toBe(1);
  });

  test("an answer that is cut while it waits behind another takes the connection with it when its turn comes", async () => {
    let finish = () => undefined as unknown;
    origin.answerWith((socket, received) => {
      if (received.includes("/slow")) finish = () => socket.write(OK);
      else socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    });
    client.write(ask("GET", "slow") + ask("GET", "cut"));
    await expect.poll(() => it.logs.join("")).toContain("cut by the origin");
    const closed = once(client, "close");
    finish();
    await closed;
    expect(answers).toContain("\r\n\r\nok");
    expect(countOf(answers, "HTTP/1.1 ")).toBeLessThanOrEqual(2);
  });

  test.each([
    ["an answer", ask, OK],
    ["the beginning of an answer", ask, OK.slice(0, -1)],
    ["a WebSocket", shakeHands, "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello"],
  ])("a client that resets its connection as %s comes leaves nothing behind", async (_, head, said) => {
    const rounds = 20;
    for (let round = 0; round < rounds; round += 1) {
      const leaving = connect(it.port, "127.0.0.1").on("error", () => undefined);
      const left = new Promise((resolve) => leaving.once("close", resolve));
      origin.answerWith((socket) => {
        socket.write(said);
        leaving.resetAndDestroy();
      });
      leaving.write(head("GET", "x"));
      await left;
    }
    const lines = () => it.logs.filter((line) => line.includes('"msg":"request"'));
    await expect.poll(() => lines().length).toBe(rounds);
    origin.answerWith((socket) => void socket.write(OK));
    client.write(ask("GET", "last"));
    await expect.poll(() => answers).toMatch(/^HTTP\/1\.1 200[\s\S]*\r\n\r\nok$/);
    // But for the one that is kept for the next.
    await expect.poll(() => origin.open.size).toBe(1);
  });
});

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openPlainLane } from "../../../gateway/src/plain/plain-lane.ts";
import type { PlainRequest } from "../../../gateway/src/plain/plain-request.ts";
import type { PlainResponse } from "../../../gateway/src/plain/plain-response.ts";

let server: Server;
let client: Socket;
let received: string;
/** Which read each request, and its target. */
let seen: string[];
let silent: number;
let answerPlain: (response: PlainResponse, request: PlainRequest) => void;

beforeEach(async () => {
  seen = [];
  silent = 0;
  answerPlain = (response) => ok(response);
  await start();
  client = await open();
});
afterEach(() => {
  vi.useRealTimers();
  client.destroy();
  server.close();
  server.closeAllConnections();
});

async function start(): Promise<void> {
  server = createServer((request, response) => {
    seen.push(`node ${request.url}`);
    request.resume().once("end", () => response.writeHead(200, ["content-length", "4"]).end("node"));
  });
  openPlainLane(server, {
    event: "connection",
    maxHeadBytes: 1_000,
    keepAliveMs: 75_000,
    firstHeadMs: 15_000,
    onRequest(request, response) {
      seen.push(`plain ${request.url}`);
      answerPlain(response, request);
    },
    onSilent(socket) {
      silent += 1;
      socket.destroy();
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

/** The same on a clock that the test moves. */
async function startOnMovedClock(): Promise<void> {
  client.destroy();
  server.close();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  await start();
  client = await open();
}

async function open(): Promise<Socket> {
  received = "";
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").setNoDelay(true);
  socket.on("data", (piece) => (received += String(piece))).on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

const ok = (response: PlainResponse) => {
  response.writeHead(200, "OK", ["Content-Length", "5"]);
  response.end("plain", "latin1");
};
/** Longer than what the system takes for a client that does not read. */
const LONG_BYTES = 30_000_000;
const long = (response: PlainResponse) => {
  response.writeHead(200, "OK", ["Content-Length", String(LONG_BYTES)]);
  response.end("x".repeat(LONG_BYTES), "latin1");
};
const bodyLength = () => received.length - received.indexOf("\r\n\r\n") - 4;
const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
const post = (path: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody`;
const answered = (count: number) => expect.poll(() => received.split("HTTP/1.1 200 OK\r\n").length - 1).toBe(count);

describe("a connection", () => {
  test("stays in the lane from one plain request to the next", async () => {
    client.write(get("/1"));
    await answered(1);
    client.write(get("/2"));
    await answered(2);
    expect(seen).toEqual(["plain /1", "plain /2"]);
    expect(received).toContain("Connection: keep-alive\r\nKeep-Alive: timeout=75\r\n\r\nplain");
  });

  test("is Node's from the first request on that is not plain, which it reads whole", async () => {
    client.write(get("/1"));
    await answered(1);
    client.write(post("/2"));
    await answered(2);
    client.write(get("/3"));
    await answered(3);
    expect(seen).toEqual(["plain /1", "node /2", "node /3"]);
  });

  test.each([
    ["in two pieces", [get("/1").slice(0, 20), get("/1").slice(20)], ["node /1"]],
    ["several at once", [get("/1") + get("/2") + post("/3")], ["node /1", "node /2", "node /3"]],
    ["longer than may be read here", [get("/1", `X: ${"x".repeat(1_000)}\r\n`)], ["node /1"]],
    ["that ends the connection", [get("/1", "Connection: close\r\n")], ["node /1"]],
  ])("is Node's when a request comes %s", async (_case, pieces, expected) => {
    for (const piece of pieces) {
      client.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await answered(expected.length);
    expect(seen).toEqual(expected);
  });

  test.each([
    ["a plain request", get("/2"), "plain /2"],
    ["another", post("/2"), "node /2"],
  ])("keeps what comes before the answer is out for after it: %s", async (_case, next, expected) => {
    const responses: PlainResponse[] = [];
    answerPlain = (response) => responses.push(response);
    client.write(get("/1"));
    await expect.poll(() => seen.length).toBe(1);
    client.write(next.slice(0, 10));
    await new Promise((resolve) => setTimeout(resolve, 20));
    client.write(next.slice(10));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual(["plain /1"]);
    answerPlain = (response) => ok(response);
    for (const response of responses) ok(response);
    await answered(2);
    expect(seen).toEqual(["plain /1", expected]);
  });

  test.each([
    ["leaves", (socket: Socket) => socket.destroy()],
    ["resets", (socket: Socket) => socket.resetAndDestroy()],
    ["closes its sending half", (socket: Socket) => socket.end()],
    ["leaves after it asked for more", (socket: Socket) => socket.end(get("/2"))],
  ])("whose client %s gives the answer up", async (_case, leave) => {
    const left = vi.fn();
    answerPlain = (response) => response.once("close", left);
    client.write(get("/1"));
    await expect.poll(() => seen.length).toBe(1);
    leave(client);
    await expect.poll(() => left.mock.calls.length).toBe(1);
    expect(seen).toEqual(["plain /1"]);
  });

  test("ends with an answer that says so", async () => {
    answerPlain = (response) => {
      response.shouldKeepAlive = false;
      ok(response);
    };
    client.write(get("/1"));
    await once(client, "close");
    expect(received).toMatch(/Connection: close\r\n\r\nplain$/);
  });

  test.each([true, false])(
    "whose client closes its sending half may still take an answer that was all written, kept alive: %s",
    async (isKept) => {
      answerPlain = (response) => {
        response.shouldKeepAlive = isKept;
        long(response);
      };
      client.pause().write(get("/1"));
      await expect.poll(() => seen.length).toBe(1);
      client.end();
      await new Promise((resolve) => setTimeout(resolve, 50));
      client.resume();
      await once(client, "close");
      expect(bodyLength()).toBe(LONG_BYTES);
    },
  );

  test("is not idle while its client has yet to take the answer", async () => {
    await startOnMovedClock();
    answerPlain = long;
    client.pause().write(get("/1"));
    await expect.poll(() => seen.length).toBe(1);
    vi.advanceTimersByTime(200_000);
    client.resume();
    await expect.poll(bodyLength).toBe(LONG_BYTES);
    expect(client.readyState).toBe("open");
    vi.advanceTimersByTime(90_000);
    await once(client, "close");
  });

  test("takes no notice of an empty line between two requests", async () => {
    client.write(get("/1"));
    await answered(1);
    client.write("\r\n");
    await new Promise((resolve) => setTimeout(resolve, 20));
    client.write(get("/2"));
    await answered(2);
    expect(seen).toEqual(["plain /1", "plain /2"]);
  });

  test("that never says anything is told apart from one that was idle for too long", async () => {
    await startOnMovedClock();
    const mute = client;
    const idle = await open();
    idle.write(get("/1"));
    await answered(1);
    const ends = [once(mute, "close"), once(idle, "close")];
    vi.advanceTimersByTime(20_000);
    await ends[0];
    expect(silent).toBe(1);
    expect(idle.readyState).toBe("open");
    vi.advanceTimersByTime(60_000);
    await ends[1];
    expect(silent).toBe(1);
  });

  test("is closed with the server when it is idle, and left to its answer when not", async () => {
    const responses: PlainResponse[] = [];
    answerPlain = (response, request) => (request.url === "/slow" ? responses.push(response) : ok(response));
    client.write(get("/1"));
    await answered(1);
    const busy = await open();
    busy.write(get("/slow"));
    await expect.poll(() => responses.length).toBe(1);
    const closed = once(client, "close");
    server.close();
    await closed;
    expect(busy.readyState).toBe("open");
    for (const response of responses) ok(response);
    await answered(1);
    const ended = once(busy, "close");
    server.closeIdleConnections();
    await ended;
  });
});

import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { parsePolicyFile } from "@gatehouse/gateway";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AUD, freePort, startGateway, type TestGateway } from "./support/gateway.ts";
import { type RawOrigin, startRawOrigin } from "./support/raw-origin.ts";
import { sendRaw } from "./support/raw-request.ts";

let it: TestGateway;
let origin: RawOrigin;
beforeEach(async () => {
  origin = await startRawOrigin();
  const port = await freePort();
  const policies = parsePolicyFile(`applications:
  - name: Stats
    aud: ${AUD}
    domain: localhost:${port}
    origin: ${origin.url}
    policies: [{ name: bots, decision: non_identity, include: [{ any_valid_service_token: {} }] }]`);
  it = await startGateway({ port, config: { policies } });
});
afterEach(async () => {
  await it.close();
  await origin.close();
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const pairLines = () => Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`);
const bytes = (requestLine: string, lines: readonly string[], body = "") =>
  `${requestLine} HTTP/1.1\r\n${[`Host: ${it.host}`, ...pairLines(), ...lines].join("\r\n")}\r\n\r\n${body}`;
const closing = ["Connection: close"];
const open = (method: string, headers: Record<string, string>): ClientRequest =>
  request(it.url, { method, headers: { ...it.pair, ...headers } });
const responseOf = async (client: ClientRequest) => (await once(client, "response"))[0] as IncomingMessage;
const get = (path = "/") => fetch(it.url + path, { headers: it.pair });

describe("trailers", () => {
  test("of a request reach the origin when they were announced and may come late", async () => {
    origin.answerWith((socket, received) => void (received.includes("\r\n0\r\n") && socket.write(OK)));
    const trailers = "X-Sum: 1\r\nX-Other: 2\r\nCf-Access-Jwt-Assertion: forged\r\n";
    const head = ["Transfer-Encoding: chunked", "Trailer: X-Sum, Cf-Access-Jwt-Assertion", ...closing];
    const answer = await sendRaw(it.port, bytes("POST /", head, `2\r\nhi\r\n0\r\n${trailers}\r\n`));
    expect(answer.status).toBe(200);
    expect(origin.received[0]).toMatch(/\r\ntrailer: x-sum\r\n/);
    expect(origin.received[0]).toMatch(/\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n$/);
  });

  test("of an answer reach the client by the same rule, and the origin knows that they are welcome", async () => {
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, Set-Cookie\r\n\r\n";
    origin.answerWith(
      (socket) => void socket.write(`${head}2\r\nok\r\n0\r\nX-Sum: 7\r\nSet-Cookie: a=b\r\nX-Not: 1\r\n\r\n`),
    );
    const client = open("GET", { te: "trailers" });
    client.end();
    const response = await responseOf(client);
    expect(await text(response)).toBe("ok");
    expect(response.trailers).toEqual({ "x-sum": "7" });
    expect(origin.received[0]).toMatch(/\r\nte: trailers\r\nconnection: te\r\n/);
  });
});

describe("before the answer proper", () => {
  test("early hints pass, without what is not theirs to say", async () => {
    const hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nCf-Access-Aud: x\r\n\r\n";
    origin.answerWith((socket) => void socket.write(hints + OK));
    const client = open("GET", {});
    client.end();
    const [information] = await Promise.all([once(client, "information"), responseOf(client)]);
    expect(information[0]).toMatchObject({ statusCode: 103, headers: { link: "</a.css>; rel=preload" } });
    expect(information[0].headers).not.toHaveProperty("cf-access-aud");
  });

  test("a client of HTTP/1.0 gets the answer alone", async () => {
    origin.answerWith((socket) => void socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`));
    const answer = await sendRaw(it.port, bytes("GET /", closing).replace("HTTP/1.1", "HTTP/1.0"));
    expect(answer.text).toMatch(/^HTTP\/1\.1 200/);
    expect(answer.body).toBe("ok");
  });

  test("it is the origin that asks for the body: 100 of its own, nothing before it", async () => {
    origin.answerWith((socket, received) => {
      if (received.endsWith("\r\n\r\n")) socket.write("HTTP/1.1 100 Continue\r\n\r\n");
      if (received.endsWith("body")) socket.write(OK);
    });
    const client = open("POST", { expect: "100-continue", "content-length": "4" });
    client.flushHeaders();
    await once(client, "continue");
    expect(origin.received[0]).toMatch(/expect: 100-continue\r\n/);
    client.end("body");
    expect((await responseOf(client)).statusCode).toBe(200);
  });

  test("an origin that wants no body says so at once, and its connection and the client's end with it", async () => {
    origin.answerWith((socket) => void socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"));
    const answer = await sendRaw(it.port, bytes("POST /", ["Expect: 100-continue", "Content-Length: 999"]));
    expect(answer.status).toBe(413);
    expect(answer.text).not.toContain("100 Continue");
    expect(answer.head).toMatch(/Connection: close/i);
    await expect.poll(() => origin.open.size).toBe(0);
  });

  test("an origin that knows nothing of 100-continue gets the body all the same", async () => {
    origin.answerWith((socket, received) => void (received.endsWith("body") && socket.write(OK)));
    const client = open("POST", { expect: "100-continue", "content-length": "4" });
    client.flushHeaders();
    await once(client, "continue");
    client.end("body");
    expect((await responseOf(client)).statusCode).toBe(200);
  });
});

describe("answers", () => {
  test("without a length go on until the origin closes", async () => {
    origin.answerWith((socket) => void socket.end("HTTP/1.1 200 OK\r\n\r\nall of it"));
    expect(await (await get()).text()).toBe("all of it");
  });

  test("of HTTP/1.0 are passed on", async () => {
    origin.answerWith((socket) => void socket.end("HTTP/1.0 200 OK\r\nX-Old: yes\r\n\r\nold"));
    const response = await get();
    expect([response.headers.get("x-old"), await response.text()]).toEqual(["yes", "old"]);
  });

  test("to a range are passed on as they are", async () => {
    origin.answerWith((socket) => {
      socket.write("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-3/9\r\nContent-Length: 2\r\n\r\ncd");
    });
    const response = await fetch(it.url, { headers: { ...it.pair, range: "bytes=2-3", "if-range": '"a"' } });
    expect([response.status, response.headers.get("content-range"), await response.text()]).toEqual([
      206,
      "bytes 2-3/9",
      "cd",
    ]);
    expect(origin.received[0]).toMatch(/range: bytes=2-3\r\n/);
    expect(origin.received[0]).toMatch(/if-range: "a"\r\n/);
  });

  test("that end in the middle of their length are not made to look complete", async () => {
    origin.answerWith((socket) => void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
    const response = await get();
    await expect(response.text()).rejects.toThrow();
  });

  test("that end in the middle of a chunk are not made to look complete", async () => {
    origin.answerWith((socket) => void socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"));
    const answer = await sendRaw(it.port, bytes("GET /", closing));
    expect(answer.body).toContain("half");
    expect(answer.body).not.toMatch(/\r\n0\r\n/);
  });

  test("that break the rules in the middle are cut, and nothing of the rest passes", async () => {
    origin.answerWith((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\nevil");
    });
    const answer = await sendRaw(it.port, bytes("GET /", closing));
    expect(answer.body).not.toContain("evil");
    await expect.poll(() => origin.open.size).toBe(0);
    expect(it.logs.join("")).toContain("BAD_RESPONSE_CHUNK");
  });

  test("that come before the upload is over are passed on, and the connection to the origin is not used again", async () => {
    origin.answerWith((socket, received) => void (received.includes("first") && socket.write(OK)));
    const client = open("POST", { "transfer-encoding": "chunked" });
    client.write("first");
    const response = await responseOf(client);
    expect(await text(response)).toBe("ok");
    await expect.poll(() => origin.open.size).toBe(0);
    client.end("second");
    origin.answerWith((socket) => void socket.write(OK));
    expect((await get()).status).toBe(200);
    expect(origin.received).toEqual([expect.stringMatching(/^POST .*first/s), expect.stringMatching(/^GET /)]);
  });

  test("are not waited for by a client that closed its sending half: it counts as gone, as with nginx", async () => {
    const socket = connect(it.port, "127.0.0.1");
    socket.write(bytes("GET /", []));
    await expect.poll(() => origin.received.length).toBe(1);
    socket.end();
    await expect.poll(() => origin.open.size).toBe(0);
    expect(await text(socket)).toBe("");
  });
});

describe("connections to the origin", () => {
  test("are used again, one request after the other", async () => {
    origin.answerWith((socket) => void socket.write(OK));
    for (let count = 0; count < 5; count += 1) expect(await (await get(`/${count}`)).text()).toBe("ok");
    expect(origin.received).toHaveLength(1);
    expect(origin.received[0]?.match(/^GET \/\d/gm)).toHaveLength(5);
  });

  test("that were used before carry an event stream as it is sent", async () => {
    origin.answerWith((socket, received) => {
      const isStream = received.includes("GET /events");
      socket.write(isStream ? "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" : OK);
    });
    await (await get()).text();
    const stream = await get("/events");
    const events = stream.body?.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    for (const event of ["data: 1\n\n", "data: 2\n\n"]) {
      for (const socket of origin.open) socket.write(event);
      expect((await events?.next())?.value).toBe(event);
    }
    expect(origin.received).toHaveLength(1);
    for (const socket of origin.open) socket.end();
    expect((await events?.next())?.done).toBe(true);
  });

  test("on which a WebSocket was refused serve the next request", async () => {
    origin.answerWith((socket) => void socket.write(OK));
    const handshake = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: a2V5"];
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await sendRaw(it.port, bytes("GET /live", handshake));
      expect([status, body, await (await get()).text()]).toEqual([200, "ok", "ok"]);
    }
    // Each handshake has a connection of its own.
    expect(origin.received.map((text) => text.match(/^GET/gm)?.length)).toEqual([2, 2]);
  });

  test("that end before an answer, while the upload still waits to be taken, do not leave the client waiting", async () => {
    const half = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf";
    origin.answerWith((socket) => {
      // By then the upload stands still.
      setTimeout(() => socket.end(half), 300);
      socket.pause();
    });
    const client = open("POST", { "content-length": "50000000" });
    client.on("error", () => undefined);
    client.write(Buffer.alloc(50_000_000));
    const response = await responseOf(client);
    await expect(text(response)).rejects.toThrow();
    client.destroy();
  });

  test("that the origin ends while they are idle are not missed", async () => {
    origin.answerWith((socket) => void socket.end(OK));
    for (let count = 0; count < 3; count += 1) {
      expect((await get()).status).toBe(200);
      await expect.poll(() => origin.open.size).toBe(0);
    }
  });

  test("on which the origin speaks unasked are ended, and what it said reaches nobody", async () => {
    origin.answerWith((socket) => void socket.write(OK));
    await (await get()).text();
    for (const socket of origin.open) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    await expect.poll(() => origin.open.size).toBe(0);
    expect(await (await get()).text()).toBe("ok");
  });

  test("keep a length that Connection was said to list: a body without one would be read as a request", async () => {
    origin.answerWith((socket) => void socket.write(OK));
    const lines = ["Content-Length: 4", "Connection: close, content-length"];
    expect((await sendRaw(it.port, bytes("POST /", lines, "body"))).status).toBe(200);
    expect(origin.received[0]).toMatch(/Content-Length: 4\r\n[\s\S]*\r\n\r\nbody$/);
  });

  test("and everything else are let go: after a thousand requests and aborts nothing is left", async () => {
    origin.answerWith((socket, received) => void (received.includes("GET /slow") || socket.write(OK)));
    const abandon = async () => {
      const socket = connect(it.port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(bytes("GET /slow", []));
      await once(socket, "connect");
      socket.destroy();
    };
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 90 }, async () => (await get()).text()));
      await Promise.all(Array.from({ length: 10 }, abandon));
    }
    await expect.poll(() => it.logs.filter((line) => line.includes('"msg":"request"')).length).toBeGreaterThan(950);
    await expect.poll(() => origin.open.size, { timeout: 10_000 }).toBe(0);
  });
});

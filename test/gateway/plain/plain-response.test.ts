import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PlainResponse } from "../../../gateway/src/plain/plain-response.ts";

let client: Socket;
let socket: Socket;
const server = createServer();

beforeEach(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  [socket] = (await once(server, "connection")) as [Socket];
});
afterEach(() => {
  client.destroy();
  socket.destroy();
  server.close();
});

const respond = (isHeadRequest = false) => {
  const onEnded = vi.fn();
  return { onEnded, response: new PlainResponse({ socket, keepAliveSeconds: 75, onEnded }, isHeadRequest) };
};
const nothing = () => undefined;

/** All that the client got, its end included. */
async function taken(): Promise<string> {
  socket.end();
  const pieces: string[] = [];
  for await (const piece of client) pieces.push(String(piece));
  return pieces.join("");
}

const DATED = ["Date", "Tue, 01 Dec 2026 00:00:00 GMT"];
const KEPT = "Connection: keep-alive\r\nKeep-Alive: timeout=75\r\n";

describe("an answer", () => {
  test("of known length is its head and its body", async () => {
    const { response, onEnded } = respond();
    response.writeHead(200, "OK", [...DATED, "Content-Length", "2"]);
    response.end("ok", "latin1");
    expect(onEnded).toHaveBeenCalledTimes(1);
    expect(await taken()).toBe(`HTTP/1.1 200 OK\r\n${DATED.join(": ")}\r\nContent-Length: 2\r\n${KEPT}\r\nok`);
  });

  test("of unknown length goes out in chunks, with trailers at its end", async () => {
    const { response } = respond();
    response.writeHead(200, "OK", [...DATED, "trailer", "x-sum"]);
    response.write(Buffer.from("one "), nothing);
    response.write(Buffer.alloc(0), nothing);
    response.addTrailers([["x-sum", "7"]]);
    response.end("two", "latin1");
    expect(await taken()).toMatch(/Transfer-Encoding: chunked\r\n\r\n4\r\none \r\n3\r\ntwo\r\n0\r\nx-sum: 7\r\n\r\n$/);
  });

  test("of unknown length and nothing is one last chunk", async () => {
    const { response } = respond();
    response.writeHead(200, "OK", DATED);
    response.end("", "latin1");
    expect(await taken()).toMatch(/chunked\r\n\r\n0\r\n\r\n$/);
  });

  test.each([
    ["to HEAD", 200, true],
    ["204", 204, false],
    ["304", 304, false],
  ])("%s has no body, whatever it is given", async (_case, status, isHeadRequest) => {
    const { response } = respond(isHeadRequest);
    response.writeHead(status, "x", DATED);
    const onWritten = vi.fn();
    response.write(Buffer.from("body"), onWritten);
    response.end("body", "utf8");
    expect(onWritten).toHaveBeenCalledTimes(1);
    expect(await taken()).toBe(`HTTP/1.1 ${status} x\r\n${DATED.join(": ")}\r\n${KEPT}\r\n`);
  });

  test("says when it was made if nobody else does", async () => {
    const { response } = respond();
    response.writeHead(200, "OK", ["content-length", "0"]);
    response.end("", "latin1");
    const date = /\r\nDate: (.+)\r\n/.exec(await taken())?.[1] ?? "";
    expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(60_000);
  });

  test("in text is UTF-8, in Latin-1 its very bytes", async () => {
    const { response } = respond();
    response.writeHead(200, "OK", [...DATED, "content-length", "2"]);
    response.end("\u00e4", "utf8");
    expect(await taken()).toMatch(/\r\n\r\n\u00e4$/);
  });

  test("may be preceded by others", async () => {
    const { response } = respond();
    response.writeInformation(103, ["link", "</a>"]);
    response.writeHead(200, "OK", [...DATED, "content-length", "0"]);
    response.end("", "latin1");
    expect(await taken()).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a>\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  test("sends its head alone when it is told to, and once", async () => {
    const { response } = respond();
    response.writeHead(200, "OK", [...DATED, "content-length", "2"]);
    response.flushHeaders();
    expect(String((await once(client, "data"))[0])).toMatch(/\r\n\r\n$/);
    response.write(Buffer.from("ok"), nothing);
    response.end("", "latin1");
    expect(await taken()).toBe("ok");
  });

  test("that the client does not take has no room for more, and is not finished", () => {
    const { response } = respond();
    client.pause();
    response.writeHead(200, "OK", [...DATED, "content-length", "30000000"]);
    expect(response.write(Buffer.alloc(20_000_000), nothing)).toBe(false);
    response.end("0".repeat(10_000_000), "latin1");
    expect([response.writableEnded, response.writableFinished]).toEqual([true, false]);
  });

  test("takes no header that would end it early", () => {
    const { response } = respond();
    expect(() => response.writeHead(200, "OK", ["location", "/a\r\nSet-Cookie: b"])).toThrow(TypeError);
    expect(response.headersSent).toBe(false);
  });

  test("ends once", async () => {
    const { response, onEnded } = respond();
    response.writeHead(200, "OK", [...DATED, "content-length", "2"]);
    response.end("ok", "latin1");
    response.end("evil", "latin1");
    expect(onEnded).toHaveBeenCalledTimes(1);
    expect(await taken()).toMatch(/ok$/);
  });
});

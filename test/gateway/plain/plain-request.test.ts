import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PlainHead, readPlainHead } from "../../../gateway/src/plain/plain-request.ts";

/** Bytes that some parser somewhere takes for the end of a line, for space or for nothing. */
const SPOILERS = [..."\0\t\n\v\f\r :\u0085\u00a0"].map((char) => char.charCodeAt(0));

const GOOD = "GET /a?b=c HTTP/1.1\r\nHost: stats.example\r\nAccept: */*\r\nX-Two:\t a b \r\n\r\n";

describe("a plain request", () => {
  test("is read to the method, the target and the headers as they came", () => {
    expect(readPlainHead(GOOD)).toEqual({
      method: "GET",
      url: "/a?b=c",
      rawHeaders: ["Host", "stats.example", "Accept", "*/*", "X-Two", "a b"],
    });
  });

  test.each([
    ["Connection: keep-alive, which says nothing new", GOOD.replace("Accept: */*", "Connection: Keep-Alive"), true],
    ["HEAD", GOOD.replace("GET", "HEAD"), true],
    ["another method", GOOD.replace("GET", "POST"), false],
    ["a method in lower case", GOOD.replace("GET", "get"), false],
    ["HTTP/1.0", GOOD.replace("1.1", "1.0"), false],
    ["two spaces in the request line", GOOD.replace("GET ", "GET  "), false],
    ["a target with an authority", GOOD.replace("/a", "http://stats.example/a"), false],
    ["a fragment", GOOD.replace("/a", "/a#b"), false],
    ["a target beyond ASCII", GOOD.replace("/a", "/\u00e4"), false],
    ["no Host", GOOD.replace("Host", "Most"), false],
    ["two Hosts", GOOD.replace("Accept", "host"), false],
    ["a name twice", GOOD.replace("Accept", "x-two"), false],
    ["a length", GOOD.replace("Accept: */*", "Content-Length: 0"), false],
    ["a transfer coding", GOOD.replace("Accept: */*", "transfer-encoding: chunked"), false],
    ["an expectation", GOOD.replace("Accept: */*", "Expect: 100-continue"), false],
    ["an upgrade", GOOD.replace("Accept: */*", "Upgrade: websocket"), false],
    ["a connection that ends", GOOD.replace("Accept: */*", "Connection: close"), false],
    ["a proxy's connection that ends", GOOD.replace("Accept: */*", "Proxy-Connection: close"), false],
    ["headers for this hop", GOOD.replace("Accept: */*", "Connection: keep-alive, x-two"), false],
    ["a space before the colon", GOOD.replace("Accept:", "Accept :"), false],
    ["no name", GOOD.replace("Accept:", ":"), false],
    ["no colon", GOOD.replace("Accept:", "Accept"), false],
    ["a folded line", GOOD.replace("Accept", " Accept"), false],
    ["a line end that is not CR LF", GOOD.replace("*/*\r\n", "*/*\n"), false],
    ["a carriage return in a value", GOOD.replace("*/*", "*\r*"), false],
    ["a line feed before a value", GOOD.replace("*/*", "\n*/*"), false],
    ["a carriage return after a value", GOOD.replace("*/*", "*/*\r"), false],
    ["a form feed before a value", GOOD.replace("*/*", "\f*/*"), false],
    ["a space that is none in ASCII, after a value", GOOD.replace("*/*", "*/*\u00a0"), false],
    ["a control character", GOOD.replace("*/*", "a\u0000b"), false],
    ["a value beyond ASCII", GOOD.replace("*/*", "\u00e4"), false],
    ["an empty line before it", `\r\n${GOOD}`, false],
    ["something after it", `${GOOD}G`, false],
    ["another request after it", GOOD + GOOD, false],
    ["no end", GOOD.slice(0, -2), false],
    ["too many headers", GOOD.replace("\r\n\r\n", `\r\n${manyHeaders(33)}\r\n`), false],
    ["nothing", "", false],
  ])("%s", (_case, text, isPlain) => {
    expect(readPlainHead(text) !== undefined).toBe(isPlain);
  });
});

function manyHeaders(count: number): string {
  return Array.from({ length: count }, (_, index) => `x-${index}: 1\r\n`).join("");
}

describe("what is read here", () => {
  const server = createServer();
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => server.close());

  /** What Node's own parser makes of it; null where it reads no request, or more than one. */
  async function readByNode(text: string): Promise<PlainHead | null> {
    const heads: PlainHead[] = [];
    const note = ({ method = "", url = "", rawHeaders }: PlainHead & { method?: string; url?: string }) =>
      void heads.push({ method, url, rawHeaders });
    server.on("request", note as never);
    server.once("request", (_request, response) => response.end());
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.on("error", () => undefined).write(text, "latin1");
    await once(socket, "data");
    socket.destroy();
    server.removeAllListeners("request");
    return heads.length === 1 ? (heads[0] ?? null) : null;
  }

  test("is read by Node's parser in the same way, whatever it is", async () => {
    const token = fc.stringMatching(/^[\w!#$%&'*+.^`|~-]{1,12}$/);
    const value = fc.stringMatching(/^[\t\x20-\x7e]{0,24}$/);
    const target = fc.stringMatching(/^\/[\x21-\x7e]{0,16}$/);
    const names = fc.uniqueArray(fc.tuple(token, value), { maxLength: 6, selector: ([name]) => name.toLowerCase() });
    const request = fc
      .record({
        method: fc.constantFrom("GET", "HEAD"),
        target,
        names,
        spoil: fc.option(fc.nat(), { freq: 2 }),
        by: fc.oneof(fc.constantFrom(...SPOILERS), fc.nat(255)),
      })
      .map(({ method, target: url, names: fields, spoil, by }) => {
        const lines = ["Host: a", ...fields.map(([name, text]) => `${name}:${text}`)];
        const text = `${method} ${url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
        if (spoil === null) return text;
        const at = spoil % text.length;
        return text.slice(0, at) + String.fromCharCode(by) + text.slice(at + 1);
      });
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(request, async (text) => {
        const head = readPlainHead(text);
        if (head === undefined) return;
        plain += 1;
        expect(await readByNode(text)).toEqual(head);
      }),
      { numRuns: 2000 },
    );
    expect(plain).toBeGreaterThan(50);
  });
});

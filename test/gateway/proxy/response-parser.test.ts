import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BadResponseError, ResponseParser } from "../../../gateway/src/proxy/response-parser.ts";

interface Reading {
  interim: number[];
  status: number;
  headers: readonly string[];
  body: string;
  trailers: readonly string[] | undefined;
  keepAliveMs: number;
  error: string | undefined;
}

/** Feeds the pieces to a parser, then ends the connection. */
function read(pieces: readonly string[], method = "GET"): Reading {
  const reading: Reading = {
    interim: [],
    status: 0,
    headers: [],
    body: "",
    trailers: undefined,
    keepAliveMs: 0,
    error: undefined,
  };
  const parser = new ResponseParser(method, false, {
    onInterim: ({ status }) => void reading.interim.push(status),
    onHead: ({ status, headers }) => Object.assign(reading, { status, headers }),
    onBody: (piece) => {
      reading.body += piece.toString("latin1");
    },
    onEnd: (trailers) => {
      reading.trailers = trailers;
    },
  });
  try {
    for (const piece of pieces) parser.feed(Buffer.from(piece, "latin1"));
    reading.keepAliveMs = parser.keepAliveMs;
    parser.finish();
  } catch (error) {
    reading.error = (error as BadResponseError).code;
  }
  return reading;
}

const lines = (...all: readonly string[]) => `${all.join("\r\n")}\r\n\r\n`;

const GOOD = {
  "a length": `${lines("HTTP/1.1 200 OK", "Content-Length: 5", "X-A:  b c ")}hello`,
  "chunks and trailers": `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}5\r\nhello\r\n1;x=y;z="a \\"b";w\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n`,
  "chunks in capitals": `${lines("HTTP/1.1 200 OK", "Transfer-Encoding: Chunked")}A\r\n0123456789\r\n000\r\n\r\n`,
  "no end but the connection's": `${lines("HTTP/1.1 200 OK", "Connection: close")}hello`,
  "early hints before it": `${lines("HTTP/1.1 103 Early Hints", "Link: </a.css>")}${lines("HTTP/1.1 204 No Content")}`,
  "no reason": lines("HTTP/1.1 204"),
  "letters beyond ASCII": lines("HTTP/1.1 200 OK", "X-Name: \xc3\xa0", "Content-Length: 0"),
};

describe("a response", () => {
  test.each(Object.entries(GOOD))("with %s reads the same however it is cut into pieces", (_, text) => {
    const whole = read([text]);
    expect(whole).toMatchObject({ error: undefined, trailers: expect.any(Array) });
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
        expect(read(pieces)).toEqual(whole);
      }),
    );
  });

  test("is understood", () => {
    expect(read([GOOD["a length"]])).toMatchObject({
      status: 200,
      headers: ["Content-Length", "5", "X-A", "b c"],
      body: "hello",
      keepAliveMs: 5_000,
    });
    expect(read([GOOD["chunks and trailers"]])).toMatchObject({ body: "hello!", trailers: ["X-Sum", "1"] });
    expect(read([GOOD["early hints before it"]])).toMatchObject({ interim: [103], status: 204, body: "" });
    expect(read([GOOD["letters beyond ASCII"]])).toMatchObject({
      headers: ["X-Name", "\xc3\xa0", "Content-Length", "0"],
    });
  });

  test.each([
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ])("to %s with status %i has no body, whatever length it names", (method, status) => {
    const text = lines(`HTTP/1.1 ${status} x`, "Content-Length: 5");
    expect(read([text], method)).toMatchObject({ body: "", trailers: [], error: undefined });
  });

  test.each([
    ["keeps the connection", ["HTTP/1.1 200 OK", "Content-Length: 0"], 5_000],
    ["keeps it as long as it says", ["HTTP/1.1 200 OK", "Content-Length: 0", "Keep-Alive: timeout=20"], 20_000],
    ["ends it", ["HTTP/1.1 200 OK", "Content-Length: 0", "Connection: close"], 0],
    ["says that it has no body and how long that is, ends it", ["HTTP/1.1 204 No Content", "Content-Length: 5"], 0],
    ["says that it has no body, in chunks, ends it", ["HTTP/1.1 204 x", "Transfer-Encoding: chunked"], 0],
    ["says that it has no body, which is empty, keeps it", ["HTTP/1.1 204 x", "Content-Length: 0"], 5_000],
    ["of HTTP/1.0 ends it", ["HTTP/1.0 200 OK", "Content-Length: 0"], 0],
    ["of HTTP/1.0 may keep it", ["HTTP/1.0 200 OK", "Content-Length: 0", "Connection: keep-alive"], 5_000],
  ])("that %s", (_, head, keepAliveMs) => expect(read([lines(...head)]).keepAliveMs).toBe(keepAliveMs));

  test("that is followed by more than was asked for spoils the connection", () => {
    const more = `${GOOD["a length"]}HTTP/1.1 200 OK\r\n`;
    expect(read([more])).toMatchObject({ body: "hello", keepAliveMs: 0 });
  });
});

describe("what is not plainly a response is refused", () => {
  const ok = "HTTP/1.1 200 OK";
  test.each([
    ["no status line", lines("hello"), "BAD_RESPONSE_HEAD"],
    ["another version", lines("HTTP/2.0 200 OK"), "BAD_RESPONSE_HEAD"],
    ["a status of two digits", lines("HTTP/1.1 20 OK"), "BAD_RESPONSE_HEAD"],
    ["a protocol that nobody asked for", lines("HTTP/1.1 101 Switching Protocols"), "BAD_RESPONSE_HEAD"],
    ["a folded line", lines(ok, "X-A: b", " c"), "BAD_RESPONSE_HEAD"],
    ["a space before the colon", lines(ok, "Content-Length : 5"), "BAD_RESPONSE_HEAD"],
    ["a line without a colon", lines(ok, "nonsense"), "BAD_RESPONSE_HEAD"],
    ["a line feed alone", lines(ok, "X-A: b\nContent-Length: 5"), "BAD_RESPONSE_HEAD"],
    ["a carriage return alone", lines(ok, "X-A: b\rc"), "BAD_RESPONSE_HEAD"],
    ["a control character", lines(ok, "X-A: b\0c"), "BAD_RESPONSE_HEAD"],
    ["two lengths", lines(ok, "Content-Length: 5", "Content-Length: 6"), "BAD_RESPONSE_LENGTH"],
    ["a list of lengths", lines(ok, "Content-Length: 5, 5"), "BAD_RESPONSE_LENGTH"],
    ["a length with a sign", lines(ok, "Content-Length: +5"), "BAD_RESPONSE_LENGTH"],
    ["a length in hex", lines(ok, "Content-Length: 0x5"), "BAD_RESPONSE_LENGTH"],
    ["length and chunks", lines(ok, "Content-Length: 5", "Transfer-Encoding: chunked"), "BAD_RESPONSE_LENGTH"],
    ["another coding", lines(ok, "Transfer-Encoding: gzip, chunked"), "BAD_RESPONSE_LENGTH"],
    ["almost chunked", lines(ok, "Transfer-Encoding: xchunked"), "BAD_RESPONSE_LENGTH"],
    ["chunks of HTTP/1.0", lines("HTTP/1.0 200 OK", "Transfer-Encoding: chunked"), "BAD_RESPONSE_LENGTH"],
    ["a chunk's size that is none", `${lines(ok, "Transfer-Encoding: chunked")}zz\r\n`, "BAD_RESPONSE_CHUNK"],
    ["a size with a sign", `${lines(ok, "Transfer-Encoding: chunked")}-1\r\n`, "BAD_RESPONSE_CHUNK"],
    ["a size beyond counting", `${lines(ok, "Transfer-Encoding: chunked")}${"f".repeat(20)}\r\n`, "BAD_RESPONSE_CHUNK"],
    ["a chunk longer than its size", `${lines(ok, "Transfer-Encoding: chunked")}1\r\nab\r\n`, "BAD_RESPONSE_CHUNK"],
    ["a size and a space", `${lines(ok, "Transfer-Encoding: chunked")}0 \r\n\r\n`, "BAD_RESPONSE_CHUNK"],
    ["an extension without a name", `${lines(ok, "Transfer-Encoding: chunked")}0;\r\n\r\n`, "BAD_RESPONSE_CHUNK"],
    ["an extension of two words", `${lines(ok, "Transfer-Encoding: chunked")}0;a b\r\n\r\n`, "BAD_RESPONSE_CHUNK"],
    ["early hints without end", lines("HTTP/1.1 103 x").repeat(200), "BAD_RESPONSE_HEAD"],
    [
      "a size line without an end",
      `${lines(ok, "Transfer-Encoding: chunked")}1;${"x".repeat(2_000)}`,
      "BAD_RESPONSE_CHUNK",
    ],
    ["a head without an end", `${ok}\r\nX-A: ${"x".repeat(70_000)}`, "RESPONSE_HEAD_TOO_LARGE"],
  ])("%s", (_, text, code) => expect(read([text]).error).toBe(code));

  test("any bytes are a response or an error, and never a crash", () => {
    const words = [
      "HTTP/1.1 200 OK\r\n",
      "Content-Length: 3\r\n",
      "Transfer-Encoding: chunked\r\n",
      "\r\n",
      "0\r\n",
      "3\r\n",
      "abc",
      ":",
      "\n",
      "\0",
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string())), (pieces) => {
        const { error } = read(pieces);
        expect([undefined, "BAD_RESPONSE_HEAD", "BAD_RESPONSE_LENGTH", "BAD_RESPONSE_CHUNK"]).toContain(error);
      }),
    );
  });
});

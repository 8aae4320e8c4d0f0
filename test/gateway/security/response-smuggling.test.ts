import { request } from "node:http";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type BadResponseError, ResponseParser } from "../../../gateway/src/proxy/response-parser.ts";

interface Reading {
  status: number;
  headers: readonly string[];
  body: string;
  /** Set once the response is complete. */
  trailers: readonly string[] | undefined;
  /** Whether another request could follow on the connection. */
  isKept: boolean;
  error: string | undefined;
}

const nothing = (): Reading => ({
  status: 0,
  headers: [],
  body: "",
  trailers: undefined,
  isKept: false,
  error: undefined,
});

function readByUs(text: string, method: string): Reading {
  const reading = nothing();
  const parser = new ResponseParser(method, false, {
    onInterim: () => undefined,
    onHead: ({ status, headers }) => Object.assign(reading, { status, headers }),
    onBody: (piece) => {
      reading.body += piece.toString("latin1");
    },
    onEnd: (trailers) => {
      reading.trailers = trailers;
    },
  });
  try {
    parser.feed(Buffer.from(text, "latin1"));
    reading.isKept = parser.keepAliveMs > 0;
    parser.finish();
  } catch (error) {
    reading.error = (error as BadResponseError).code;
  }
  return reading;
}

/** By Node's own client, over a connection that says the text and ends. */
function readByNode(text: string, method: string): Promise<Reading> {
  const reading = nothing();
  const { promise, resolve } = Promise.withResolvers<Reading>();
  let isAnswered = false;
  const connection = new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, written) {
      if (!isAnswered) setImmediate(() => [Buffer.from(text, "latin1"), null].map((piece) => connection.push(piece)));
      isAnswered = true;
      written();
    },
  });
  const failed = ({ code }: NodeJS.ErrnoException) => {
    reading.error ??= code ?? "error";
    resolve(reading);
  };
  const asked = request({ method, createConnection: () => connection });
  asked.on("error", failed).on("response", (response) => {
    Object.assign(reading, { status: response.statusCode, headers: response.rawHeaders });
    response.on("data", (piece: Buffer) => {
      reading.body += piece.toString("latin1");
    });
    response.on("error", failed).on("end", () => {
      if (response.complete) reading.trailers = response.rawTrailers;
      // What follows the response is an error a moment later.
      setImmediate(() => resolve(reading));
    });
  });
  asked.end();
  return promise;
}

/** Mostly the first. */
const mostly = (usual: string, ...odd: readonly string[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...odd) });
const texts = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(""));
const some = (part: fc.Arbitrary<string>) => fc.array(part, { maxLength: 3 }).map((all) => all.join(""));

const eol = mostly("\r\n", "\n", "\r", "\r\r\n", "\r\n ", "\n\r\n");
const oddName = fc.constantFrom(
  "Content-Length",
  "Transfer-Encoding",
  "Connection",
  "X-A",
  "Content-Length ",
  "",
  "X\0",
);
const oddValue = fc.constantFrom(
  ..."0|3|03|+3|3,3|0x3||chunked|gzip, chunked|xchunked|close|a\x01b|\xc3\xa0|\x0b3".split("|"),
);
const line = fc.oneof(
  fc.constantFrom(
    "Content-Length: 3\r\n",
    "Transfer-Encoding: chunked\r\n",
    "X-A: b\r\n",
    "Connection: keep-alive\r\n",
  ),
  texts(oddName, mostly(": ", ":", " :", ":\t"), oddValue, eol),
);
const size = mostly("3", ...'03|3 |3\t| 3|3;a|3;a=b|3;a="b"|3;|3;a b|3 ;a|3;\x01|3;a="|0x3|+3|-3|G|'.split("|"));
const chunk = texts(size, eol, mostly("abc", "abcd", "ab", "a\r\n"), eol);
const chunks = texts(
  some(chunk),
  mostly("0", "00", "0;a", "0 ", "0;"),
  eol,
  mostly("", "X-A: b\r\n", "X-A : b\r\n"),
  eol,
);
const response = texts(
  mostly("", "\r\n", "HTTP/1.1 103 x\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"),
  mostly("HTTP/1.1 ", "HTTP/1.0 ", "HTTP/2.0 ", "http/1.1 ", "HTTP/1.1  ", "HTTP/1.1\t", "HTTP/1.10 "),
  mostly("200", "204", "304", "205", "101", "999", "099", "20", "2000"),
  mostly(" OK", "", " ", " \xe9", " a\x01"),
  eol,
  some(line),
  eol,
  fc.oneof(fc.constantFrom("abc", "", "abcd"), chunks, chunks),
);

test("what Node's own client refuses, or ends elsewhere, never leaves a connection that serves somebody else next", async () => {
  let understood = 0;
  const check = fc.asyncProperty(response, fc.constantFrom("GET", "GET", "HEAD"), async (text, method) => {
    const ours = readByUs(text, method);
    if (ours.error !== undefined || ours.trailers === undefined) return;
    const theirs = await readByNode(text, method);
    // Bytes that follow are an error to Node. We answer what came before them, and use the connection no more.
    if (theirs.error === undefined) understood += 1;
    else expect({ isKept: ours.isKept, error: theirs.error }).toMatchObject({ isKept: false, error: EXCESS });
    const { status, headers, body } = ours;
    expect(theirs).toMatchObject({ status, headers, body });
  });
  await fc.assert(check, { numRuns: 5_000 });
  expect(understood).toBeGreaterThan(200);
});

const EXCESS = expect.stringMatching(/^HPE_(?:INVALID_CONSTANT|CLOSED_CONNECTION)$/);

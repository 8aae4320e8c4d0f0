import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exchange, startGateway, type TestGateway } from "../support/gateway.ts";
import { type RawAnswer, sendRaw } from "../support/raw-request.ts";

let it: TestGateway;
let jwt: string;
beforeAll(async () => {
  it = await startGateway({
    fields: "    read_service_tokens_from_header: X-Token",
    config: { limits: { failuresPerMinute: 0 } },
  });
  jwt = await exchange(it);
  it.origin.requests.length = 0;
  it.logs.length = 0;
});
afterAll(() => it.close());

interface LogLine {
  readonly msg: string;
  readonly rayId?: string;
  readonly decision?: string;
}

const linesOf = (logs: readonly string[]) => logs.map((line) => JSON.parse(line) as LogLine);

/**
 * Sends bytes, and holds what happened against three rules: there is an answer; it was decided, and the log says how; and the
 * origin saw nothing but what was let in.
 */
async function probe(bytes: string): Promise<RawAnswer> {
  const [lines, requests] = [it.logs.length, it.origin.requests.length];
  const answer = await sendRaw(it.port, bytes);
  expect(answer.status).toBeGreaterThanOrEqual(200);
  expect(answer.status).not.toBe(500);
  const ray = /^cf-ray: (\w+)/im.exec(answer.head)?.[1];
  const decided = () => linesOf(it.logs.slice(lines)).filter(({ msg }) => msg === "request");
  await expect.poll(() => decided().find(({ rayId }) => rayId === ray)?.decision).toBeDefined();
  for (const { rawHeaders } of it.origin.requests.slice(requests)) {
    const seen = rawHeaders[rawHeaders.indexOf("cf-ray") + 1];
    expect(["allowed", "bypassed"]).toContain(decided().find(({ rayId }) => rayId === seen)?.decision);
  }
  expect(linesOf(it.logs.slice(lines)).map(({ msg }) => msg)).not.toContain("a request failed in the gateway");
  return answer;
}

const request = (target: string, lines: readonly string[], method = "GET") =>
  `${method} ${target} HTTP/1.1\r\nHost: ${it.host}\r\n${lines.map((line) => `${line}\r\n`).join("")}Connection: close\r\n\r\n`;

/** Any byte that a line can hold, the odd ones often. */
const byte = fc.oneof(
  fc.integer({ min: 0x20, max: 0x7e }),
  fc.integer({ min: 0x01, max: 0xff }).filter((code) => code !== 0x0a && code !== 0x0d),
  fc.constantFrom(...'/.%;\\#?@:,={}"\t'.split("").map((text) => text.charCodeAt(0))),
);
const bytes = (maxLength: number) =>
  fc.array(byte, { maxLength }).map((codes) => codes.map((code) => String.fromCharCode(code)).join(""));
const piece = fc.constantFrom(
  "/",
  "//",
  "..",
  ".",
  "%2e",
  "%2F",
  "%5c",
  "%00",
  "%c0%af",
  "\\",
  "#",
  "?",
  ";",
  "a",
  "stats",
  "cdn-cgi/access/",
  "certs",
  "login",
  "http://",
  "@",
  "%25",
  "é",
  " ",
  "*",
);
const target = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join("")}`),
  fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join("")),
  bytes(40),
);
const name = fc.oneof(
  fc.constantFrom(
    "Host",
    "Cookie",
    "Connection",
    "X-Token",
    "x_token",
    "Cf-Access-Token",
    "CF-Access-Client-Id",
    "CF-Access-Client-Secret",
    "Cf-Access-Jwt-Assertion",
    "Transfer-Encoding",
    "Content-Length",
    "Upgrade",
    "Expect",
    "X-Forwarded-For",
    "Origin",
    "Access-Control-Request-Method",
    "Accept",
    "Sec-Fetch-Mode",
    "traceparent",
    "TE",
    "Forwarded",
    "cf-access-metadata-request",
  ),
  bytes(12),
);
const value = fc.oneof(
  bytes(40),
  fc.constantFrom(
    "chunked",
    "websocket",
    "close",
    "keep-alive, cf-access-jwt-assertion",
    "100-continue",
    "0",
    "5",
    "-1",
    "true",
    "text/html",
    "navigate",
    '{"cf-access-client-id":"a","cf-access-client-secret":"b"}',
    "{",
    "CF_Authorization=a.b.c; CF_Authorization",
    "evil.example",
    "null",
  ),
);
const header = fc.tuple(name, value).map(([key, text]) => `${key}: ${text}`);
const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "get");

const RUNS = { numRuns: 150 };
const MINUTE_MS = 60_000;

describe("whatever bytes come, they are answered, decided, and let through only when they may be", () => {
  test("as a request target", { timeout: MINUTE_MS }, () =>
    fc.assert(
      fc.asyncProperty(target, fc.boolean(), async (text, isBot) => {
        const count = it.origin.requests.length;
        await probe(request(text, isBot ? [`cf-access-token: ${jwt}`] : []));
        const seen = it.origin.requests.slice(count);
        expect(seen.length).toBeLessThanOrEqual(isBot ? 1 : 0);
        // Byte for byte, or without the scheme and host that it named itself; spaces behind it end the target.
        for (const { url } of seen) expect(text.replace(/ +$/, "").endsWith(url)).toBe(true);
      }),
      RUNS,
    ),
  );

  test("as headers", { timeout: MINUTE_MS }, () =>
    fc.assert(
      fc.asyncProperty(method, fc.array(header, { maxLength: 6 }), fc.boolean(), async (verb, lines, isBot) => {
        const credential = isBot ? [`cf-access-token: ${jwt}`] : [];
        const count = it.origin.requests.length;
        await probe(request("/x", [...lines, ...credential], verb));
        if (!isBot) expect(it.origin.requests.length).toBe(count);
        for (const { rawHeaders } of it.origin.requests.slice(count)) {
          const names = rawHeaders.filter((_, index) => index % 2 === 0).map((key) => key.toLowerCase());
          expect(names.filter((key) => key === "cf-access-jwt-assertion")).toHaveLength(1);
          expect(names.filter((key) => /^(x[^a-z0-9]token|cf.access.(?!jwt))/.test(key))).toEqual([]);
          expect(names.filter((key) => key === "host")).toHaveLength(1);
        }
      }),
      RUNS,
    ),
  );

  test("as cookies", { timeout: MINUTE_MS }, () =>
    fc.assert(
      fc.asyncProperty(bytes(60), bytes(20), async (before, after) => {
        const count = it.origin.requests.length;
        await probe(request("/x", [`Cookie: ${before}; CF_Authorization=${after}`]));
        expect(it.origin.requests.length).toBe(count);
        const answer = await probe(request("/x", [`Cookie: ${before.replaceAll("=", "")}; CF_Authorization=${jwt}`]));
        expect([200, 400]).toContain(answer.status);
      }),
      { numRuns: 80 },
    ),
  );

  test("as a JWT, made of a good one", { timeout: MINUTE_MS }, () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom("cut", "drop", "swap", "double"), byte, async (seed, how, code) => {
        const at = seed % jwt.length;
        const character = String.fromCharCode(code);
        const forged = {
          cut: jwt.slice(0, at),
          drop: jwt.slice(0, at) + jwt.slice(at + 1),
          swap: jwt.slice(0, at) + character + jwt.slice(at + 1),
          double: jwt.slice(0, at) + character + jwt.slice(at),
        }[how];
        if (isSameSignature(forged, jwt)) return;
        const count = it.origin.requests.length;
        const answer = await probe(request("/x", [`cf-access-token: ${forged}`]));
        expect([400, 401]).toContain(answer.status);
        expect(it.origin.requests.length).toBe(count);
      }),
      RUNS,
    ),
  );

  test("as the single token header", { timeout: MINUTE_MS }, () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), bytes(60)), async (text) => {
        const count = it.origin.requests.length;
        const answer = await probe(request("/x", [`X-Token: ${text.replaceAll(/[^\x20-\xff]/g, "?")}`]));
        expect([400, 401]).toContain(answer.status);
        expect(it.origin.requests.length).toBe(count);
      }),
      { numRuns: 100 },
    ),
  );

  test("as anything at all", { timeout: MINUTE_MS }, () =>
    fc.assert(
      fc.asyncProperty(bytes(80), fc.array(bytes(30), { maxLength: 4 }), async (first, lines) => {
        const count = it.origin.requests.length;
        await probe(`${first}\r\n${lines.join("\r\n")}\r\n\r\nConnection: close\r\n\r\n\0`);
        expect(it.origin.requests.length).toBe(count);
      }),
      { numRuns: 100 },
    ),
  );
});

/** The last characters of a segment hold bits that decode to nothing, and white space around a header's value is not its. */
function isSameSignature(forged: string, good: string): boolean {
  const decode = (token: string) =>
    token
      .trim()
      .split(".")
      .map((part) => Buffer.from(part, "base64url").toString("hex"))
      .join(".");
  return decode(forged) === decode(good);
}

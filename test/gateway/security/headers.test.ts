import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimsOf, exchange, startGateway, type TestGateway } from "../support/gateway.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

let it: TestGateway;
let pair: string[];
beforeAll(async () => {
  it = await startGateway();
  pair = Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`);
});
afterAll(() => it.close());

const send = (lines: readonly string[]) => sendRaw(it.port, rawRequest("/", [`Host: ${it.host}`, ...lines]));
const reasonOf = (body: string) => (JSON.parse(body) as { reason: string }).reason;

describe("headers in our name", () => {
  test.each([
    "Cf-Access-Jwt-Assertion: evil",
    "CF_ACCESS_JWT_ASSERTION: evil",
    "Cf.Access.Jwt.Assertion: evil",
    "cf-access_jwt-assertion: evil",
    "Cf-Access-Authenticated-User-Email: evil",
    "Cf_Access_Authenticated_User_Email: evil",
    "X-Forwarded-For: evil",
    "X_Forwarded_For: evil",
    "X-Forwarded-Uri: /evil",
    "X-Original-URL: /evil",
    "X-Real-IP: evil",
    "Forwarded: for=evil",
    "Cookie: CF_Authorization=evil",
    "Cookie: CF.Authorization=evil; cf_authorization=evil",
    "Cookie: =CF_Authorization=evil",
    "Cf-Ray: evil",
    "Client-IP: evil",
    "X-Forwarded: evil",
    "X-Cluster-Client-IP: evil",
    "Cf-Connecting-IPv6: evil",
    // CGI and uWSGI read these as the real ones: what follows would be a request of its own to them.
    "Content_Length: evil",
    "Transfer_Encoding: evil",
    "Transfer.Encoding: evil",
    "Proxy_Connection: evil",
  ])("%s never reaches the origin", async (line) => {
    expect((await send([...pair, line])).status).toBe(200);
    expect(it.origin.requests.at(-1)?.rawHeaders.join("\n")).not.toContain("evil");
  });

  test("the credential itself never reaches the origin", async () => {
    await send([...pair, "Cookie: a=1"]);
    await send([`cf-access-token: ${await exchange(it)}`]);
    for (const { rawHeaders } of it.origin.requests) {
      const text = rawHeaders.join("\n").toLowerCase();
      expect(text).not.toContain("cf-access-client");
      expect(text).not.toContain("cf-access-token");
      expect(text).not.toContain(it.token.clientSecret.toLowerCase());
    }
  });

  test("Connection cannot take the assertion away", async () => {
    await send([...pair, "Connection: Cf-Access-Jwt-Assertion, x-forwarded-for"]);
    const seen = it.origin.requests.at(-1);
    expect(claimsOf(seen?.values("cf-access-jwt-assertion")[0] ?? "")).toMatchObject({
      common_name: it.token.clientId,
    });
    expect(seen?.values("x-forwarded-for")).toEqual(["127.0.0.1"]);
  });

  test("repeated and mixed credentials are refused", async () => {
    const jwt = await exchange(it);
    const cases = [
      [...pair, ...pair],
      [...pair, "CF-Access-Client-Secret: other"],
      [...pair, `cf-access-token: ${jwt}`],
      [`cf-access-token: ${jwt}`, `Cf-Access-Token: ${jwt}`],
    ];
    for (const lines of cases) {
      const { status, body } = await send(lines);
      expect([status, reasonOf(body)]).toEqual([401, "ambiguous_credential"]);
    }
  });

  test("a header that claims to be trusted opens nothing", async () => {
    const lines = [
      "User-Agent: GoogleHC/1.0",
      "x-middleware-subrequest: middleware",
      "X-Forwarded-Host: localhost",
      "Authorization: Bearer x",
    ];
    expect((await send(lines)).status).toBe(401);
  });

  test("Connection cannot take the Host away, nor anything of ours", async () => {
    expect((await send([...pair, "Connection: host, Cf-Access-Jwt-Assertion, X-Forwarded-For"])).status).toBe(200);
    const seen = it.origin.requests.at(-1);
    expect(seen?.values("host")).toEqual([it.host]);
    expect(seen?.values("cf-access-jwt-assertion")).toHaveLength(1);
    expect(seen?.values("x-forwarded-for")).toEqual(["127.0.0.1"]);
  });

  test("an origin cannot speak in our name", async () => {
    it.origin.answerWith((_, response) => {
      response
        .writeHead(200, {
          "Set-Cookie": ["CF_Authorization=evil", "=CF_Authorization=evil", "ok=1"],
          "Cf-Ray": "evil",
          "Cf-Access-Aud": "evil",
        })
        .end();
    });
    const { head } = await send(pair);
    expect(head).not.toContain("evil");
    expect(head).toContain("ok=1");
  });
});

describe("framing", () => {
  const raw = (text: string) =>
    sendRaw(it.port, text.replaceAll("\n", "\r\n").replace("HOST", `Host: ${it.host}\r\n${pair.join("\r\n")}`));
  beforeAll(() => it.origin.answerWith((_, response) => void response.end("ok")));

  test.each([
    [
      "TE and CL together",
      "POST / HTTP/1.1\nHOST\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\nGET /evil HTTP/1.1\nHOST\n\n",
    ],
    ["xchunked", "POST / HTTP/1.1\nHOST\nTransfer-Encoding: xchunked\n\n0\n\n"],
    ["gzip, chunked", "POST / HTTP/1.1\nHOST\nTransfer-Encoding: gzip, chunked\nConnection: close\n\n0\n\n"],
    [
      "chunked twice",
      "POST / HTTP/1.1\nHOST\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\nConnection: close\n\n0\n\n",
    ],
    ["two lengths", "POST / HTTP/1.1\nHOST\nContent-Length: 1\nContent-Length: 2\n\nab"],
    ["a length with a sign", "POST / HTTP/1.1\nHOST\nContent-Length: +1\n\na"],
    ["a space before the colon", "GET / HTTP/1.1\nHOST\nContent-Length : 5\n\n"],
    ["a folded header", "GET / HTTP/1.1\nHOST\nX-A: 1\n  folded\n\n"],
    ["a bare line feed in a header", "GET / HTTP/1.1\nHOST\nX-A: 1\u000a\u0000: b\n\n"],
    ["a chunk size that is none", "POST / HTTP/1.1\nHOST\nTransfer-Encoding: chunked\n\nzz\n\n"],
    ["TRACE", "TRACE / HTTP/1.1\nHOST\nConnection: close\n\n"],
    ["an unknown expectation", "GET / HTTP/1.1\nHOST\nExpect: tea\nConnection: close\n\n"],
    ["no HTTP", "hello\n\n"],
  ])("%s is refused", async (_, text) => {
    const before = it.origin.requests.length;
    const answer = await raw(text);
    expect(answer.status).toBe(400);
    expect(answer.head.toLowerCase()).toContain("cf-ray: ");
    expect(answer.text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(it.origin.requests.slice(before).every(({ url }) => url !== "/evil")).toBe(true);
  });

  test("a flood of headers is refused", async () => {
    const many = Array.from({ length: 300 }, (_, index) => `x-${index}: 1`);
    expect((await send([...pair, ...many])).status).toBe(431);
    expect((await send([...pair, `x-long: ${"x".repeat(40_000)}`])).status).toBe(431);
  });

  test("an upgrade to anything but a WebSocket is an ordinary request, and the origin hears nothing of it", async () => {
    expect(
      (await send([...pair, "Upgrade: h2c", "HTTP2-Settings: AAMAAABk", "Connection: Upgrade, HTTP2-Settings"])).status,
    ).toBe(200);
    expect(it.origin.requests.at(-1)?.rawHeaders.join(" ").toLowerCase()).not.toMatch(/upgrade|http2-settings/);
  });

  test("a second request on the connection is judged by itself", async () => {
    const first = `GET /one HTTP/1.1\r\nHost: ${it.host}\r\n${pair.join("\r\n")}\r\n\r\n`;
    const { text } = await sendRaw(it.port, first + rawRequest("/two", [`Host: ${it.host}`]));
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 401"]);
  });
});

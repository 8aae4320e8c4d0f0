import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway();
});
afterAll(() => it.close());

const host = () => `Host: ${it.host}`;
const headers = (count: number, name = (index: number) => `x${index}`) =>
  Array.from({ length: count }, (_, index) => `${name(index)}: y`);
/** Beside these, Host and Connection. */
const OWN = 2;
const LONG = "y".repeat(40_000);

describe("a request's head", () => {
  test.each<[string, () => string]>([
    ["201 headers", () => rawRequest("/", [host(), ...headers(201 - OWN)])],
    [
      "more headers than Node's parser hands over at once, or by default",
      () => rawRequest("/", [host(), ...headers(2_500)]),
    ],
    ["one header 2,500 times", () => rawRequest("/", [host(), ...headers(2_500, () => "x")])],
    ["more headers than fit", () => rawRequest("/", [host(), ...headers(20_000)])],
    [
      "a WebSocket's handshake with 201 headers",
      () => rawRequest("/", [host(), "Upgrade: websocket", ...headers(201)]),
    ],
    ["a long value", () => rawRequest("/", [host(), `x: ${LONG}`])],
    ["a long name", () => rawRequest("/", [host(), `${LONG}: x`])],
    ["a long path", () => rawRequest(`/${LONG}`, [host()])],
    ["a long query", () => rawRequest(`/?${LONG}`, [host()])],
    ["a target without an end", () => `GET /${LONG}`],
    ["far more than is read at once", () => rawRequest("/", [host(), ...headers(40).map((line) => line + LONG)])],
  ])("with %s is answered 431, so that it can be read, and the connection ends", async (_, bytes) => {
    const { status, head, body } = await sendRaw(it.port, bytes());
    expect([status, head.toLowerCase()]).toEqual([431, expect.stringContaining("connection: close")]);
    expect(JSON.parse(body)).toMatchObject({
      error: "request_header_fields_too_large",
      reason: "headers_too_large",
      status_code: 431,
    });
  });

  test.each<[string, () => string, number]>([
    ["200 headers", () => rawRequest("/", [host(), ...headers(200 - OWN)]), 401],
    ["a long target that fits", () => rawRequest(`/${"y".repeat(30_000)}`, [host()]), 401],
    ["a header that is none", () => rawRequest("/", [host(), "x y: 1"]), 400],
    ["a method that is none", () => `${"G".repeat(40_000)} / HTTP/1.1\r\n\r\n`, 400],
    ["two lengths", () => rawRequest("/", [host(), "Content-Length: 1", "Content-Length: 2"]), 400],
  ])("with %s is not", async (_, bytes, status) => {
    expect((await sendRaw(it.port, bytes())).status).toBe(status);
  });

  test("that is too large is counted, logged and recorded under its own reason", async () => {
    await sendRaw(it.port, rawRequest("/", [host(), `x: ${LONG}`]));
    const line = it.logs.map((text) => JSON.parse(text) as { status?: number; reason?: string }).at(-1);
    expect(line).toMatchObject({ status: 431, reason: "headers_too_large" });
  });

  test("that is too large gets a browser a page that says what to do", async () => {
    const lines = [host(), "Accept: text/html", "Sec-Fetch-Mode: navigate", ...headers(201)];
    const { head, body } = await sendRaw(it.port, rawRequest("/", lines));
    expect(head).toContain("text/html");
    expect(body).toContain("Delete the cookies for this site");
  });
});

test("trailers past the maximum end the request, and whatever came before them stays whole", async () => {
  const body = `5\r\nhello\r\n0\r\nt: ${LONG}\r\n\r\n`;
  const pair = Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`);
  const lines = [host(), ...pair, "Trailer: t", "Transfer-Encoding: chunked"];
  const { status } = await sendRaw(it.port, rawRequest("/", lines, "POST", body));
  expect([0, 200, 431]).toContain(status);
  expect((await fetch(it.url, { headers: it.pair })).status).toBe(200);
});

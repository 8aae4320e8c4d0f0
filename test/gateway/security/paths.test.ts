import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

let it: TestGateway;
let pair: string[];
beforeAll(async () => {
  it = await startGateway({
    applications: (host, origin) => `
  - name: Public
    aud: ${"c".repeat(64)}
    domain: ${host}/public
    origin: ${origin}
    policies:
      - { name: open, decision: bypass, include: [{ everyone: {} }] }`,
  });
  pair = Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`);
});
afterAll(() => it.close());

const send = (target: string, lines: readonly string[] = []) =>
  sendRaw(it.port, rawRequest(target, [`Host: ${it.host}`, ...lines]));

describe("paths, byte for byte", () => {
  test("a path under a bypass is open, and what lies beside it is not", async () => {
    expect((await send("/public/a")).status).toBe(200);
    expect((await send("/publicity")).status).toBe(401);
    expect((await send("/")).status).toBe(401);
  });

  test("the path and query that were authorised are what the origin sees", async () => {
    for (const target of ["/a%20b/%C3%A9;v=1?x=%2f..//&y=\\&&", "/a/?", "/100%25/x", `/${"long/".repeat(500)}`]) {
      expect((await send(target, pair)).status).toBe(200);
      expect(it.origin.requests.at(-1)?.url).toBe(target);
    }
  });

  test.each([
    "/public/../admin",
    "/public/%2e%2e/admin",
    "/public/..%2fadmin",
    "/public/%2E%2E%2Fadmin",
    "/public/..%5cadmin",
    "/public/..\\admin",
    "/public/..;/admin",
    "/public/%252e%252e/admin",
    "/public//../admin",
    "//public/admin",
    "/public#/../admin",
    "/admin#/public",
    "/public%00/admin",
    "/%70ublic/admin",
    "/Public/admin",
    "/PUBLIC",
    "/public;x/admin",
    "/public/%zz",
    "/public/%",
    "http://evil.example/public/a",
    "http://user@localhost/public/a",
    "*",
    "/public/\x80",
  ])("%j is 400, with a credential or without, and reaches no origin", async (target) => {
    const before = it.origin.requests.length;
    expect((await send(target)).status).toBe(400);
    expect((await send(target, pair)).status).toBe(400);
    expect(it.origin.requests).toHaveLength(before);
  });

  test("the gateway's own paths are never an origin's, nor a bypass's", async () => {
    const before = it.origin.requests.length;
    expect((await send("/cdn-cgi/access/unknown", pair)).status).toBe(400);
    expect((await send("/cdn-cgi/access/", pair)).status).toBe(400);
    expect(it.origin.requests).toHaveLength(before);
  });

  test.each([
    ["an unknown host", ["Host: other.example"], 403],
    ["another port", ["Host: localhost:1"], 403],
    ["no host", [], 400],
    ["two hosts", ["Host: localhost", "Host: localhost"], 400],
    ["two hosts in one", ["Host: localhost, evil.example"], 400],
    ["a host with a path", ["Host: localhost/public"], 400],
  ])("%s is refused", async (_, lines, status) => {
    expect((await sendRaw(it.port, rawRequest("/public/a", lines))).status).toBe(status);
  });

  test("the host's case does not matter", async () => {
    const lines = [`Host: LOCALHOST:${it.port}`];
    expect((await sendRaw(it.port, rawRequest("/public/a", lines))).status).toBe(200);
  });
});

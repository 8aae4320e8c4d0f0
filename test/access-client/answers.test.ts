import type { ServerResponse } from "node:http";
import type { AccessClientOptions } from "@gatehouse/access-client";
import { describe, expect, test } from "vitest";
import { AUDIENCE } from "./support/fake-gateway.ts";
import { get as getOnce, start } from "./support/harness.ts";
import { startStranger } from "./support/stranger.ts";

const HTML = { "content-type": "text/html; charset=utf-8" };
const JSON_TYPE = { "content-type": "application/json" };

/** A gateway that is there for the exchange, and an answer of another kind afterwards. */
async function startWith(answer: (response: ServerResponse) => void, options: Partial<AccessClientOptions> = {}) {
  const harness = await start(options);
  expect(await getOnce(harness.client, "/warm")).toBe(200);
  harness.gateway.app = (_, response) => answer(response);
  return harness;
}

/** As what stands in between answers: without the gateway's ray. */
function intercept(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.removeHeader("cf-ray");
  response.writeHead(status, headers).end("<html>Welcome to the hotel's network</html>");
}

describe("answers that are not the app's are told apart", () => {
  const kinds: [string, (response: ServerResponse) => void, string][] = [
    ["a login page", (to) => to.writeHead(200, { ...HTML, "cf-access-aud": AUDIENCE }).end(), "ERR_ACCESS_LOGIN_PAGE"],
    ["a captive portal's page", (to) => intercept(to, 200, HTML), "ERR_ACCESS_CAPTIVE_PORTAL"],
    [
      "a captive portal's redirect",
      (to) => intercept(to, 302, { location: "http://portal.example/login" }),
      "ERR_ACCESS_CAPTIVE_PORTAL",
    ],
    ["status 511", (to) => intercept(to, 511, HTML), "ERR_ACCESS_CAPTIVE_PORTAL"],
    ["HTML with 200", (to) => to.writeHead(200, HTML).end("<html>"), "ERR_ACCESS_UNEXPECTED_HTML"],
    [
      "a wrong content type",
      (to) => to.writeHead(200, { "content-type": "text/csv" }).end(),
      "ERR_ACCESS_UNEXPECTED_TYPE",
    ],
    ["no content type", (to) => to.end("{}"), "ERR_ACCESS_UNEXPECTED_TYPE"],
  ];

  test.each(kinds)("%s, where JSON is expected", async (_, answer, code) => {
    const { client } = await startWith(answer, { expect: "json" });
    for (const ask of [() => client.request("/api"), () => client.fetch("/api", { redirect: "manual" })]) {
      await expect(ask()).rejects.toMatchObject({
        name: "AccessRequestError",
        code,
        advice: expect.stringMatching(/\.$/),
      });
    }
  });

  test.each([
    ["a page", 200, HTML],
    ["a redirect elsewhere", 302, { location: "http://portal.example/" }],
    ["status 511", 511, HTML],
  ])(
    "at the exchange: %s without Access's marks is a captive portal, and the pair stays home",
    async (_, status, headers) => {
      const { gateway, client } = await start(
        {},
        { exchangeFailure: (_request, to) => intercept(to, status, headers) },
      );
      await expect(client.request("/")).rejects.toMatchObject({ code: "ERR_ACCESS_CAPTIVE_PORTAL", status });
      expect(gateway.seen).toHaveLength(1);
    },
  );

  test("a body that breaks off is a typed error, with the network's as its cause, by its length and by its chunks", async () => {
    for (const headers of [{ "content-length": "100" }, {}] as Record<string, string>[]) {
      const { client } = await startWith((to) => {
        to.writeHead(200, { ...JSON_TYPE, ...headers }).write('{"half":');
        setImmediate(() => to.destroy());
      });
      const { body } = await client.request("/");
      const error = await body.json().catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "ERR_ACCESS_BODY_TRUNCATED", cause: expect.any(Error) });
      const response = await client.fetch("/");
      await expect(response.json()).rejects.toMatchObject({ cause: { code: "ERR_ACCESS_BODY_TRUNCATED" } });
    }
  });

  test("a connection that ends before any answer is undici's own error", async () => {
    const { client } = await startWith((to) => void to.destroy());
    await expect(client.request("/")).rejects.toMatchObject({ code: "UND_ERR_SOCKET" });
  });
});

describe("the app may answer with what it likes", () => {
  test.each([
    ["a page", 200, HTML],
    ["CSV", 200, { "content-type": "text/csv" }],
    ["a redirect elsewhere", 302, { location: "https://elsewhere.example/" }],
    ["an error page", 500, HTML],
  ])("%s comes back where nothing is expected", async (_, status, headers) => {
    const { get } = await startWith((to) => void to.writeHead(status, headers).end("mine"));
    expect(await get()).toBe(status);
  });

  test.each([
    ["JSON", 200, JSON_TYPE],
    ["a problem's JSON", 200, { "content-type": "application/problem+json; charset=utf-8" }],
    ["nothing", 204, {}],
    ["an error page", 500, HTML],
    ["a redirect", 302, { location: "/elsewhere" }],
  ])("%s comes back where JSON is expected", async (_, status, headers) => {
    const { get } = await startWith((to) => void to.writeHead(status, headers).end(), { expect: "json" });
    expect(await get()).toBe(status);
  });

  test("one request may expect what the client does not", async () => {
    const { client, get } = await startWith((to) => void to.writeHead(200, HTML).end("<html>"));
    expect(await get()).toBe(200);
    await expect(client.request("/", { expect: "json" })).rejects.toMatchObject({ code: "ERR_ACCESS_UNEXPECTED_HTML" });
    await expect(start({ expect: "html" as never })).rejects.toThrow(TypeError);
  });

  test("an app that is asked directly, without a gateway, as in development, is sent the pair", async () => {
    const app = await startStranger((_, response) => void response.writeHead(200, JSON_TYPE).end("{}"));
    const { client } = await start();
    await client.close();
    const { createAccessClient, staticCredentials } = await import("@gatehouse/access-client");
    const direct = createAccessClient({
      origin: app.origin,
      credentials: staticCredentials({ clientId: "id", clientSecret: "secret" }),
    });
    expect([await getOnce(direct, "/"), direct.stats().origins[0]?.mode]).toEqual([200, "pair"]);
    await direct.close();
  });
});

describe("the advice", () => {
  test("of a 403 names the path, without its query", async () => {
    const { gateway, client, get } = await start();
    await get();
    gateway.isForbidden = true;
    await expect(client.request("/api?key=hidden")).rejects.toMatchObject({
      advice: "The token is valid, but no policy admits it to /api: ask an admin for a Service Auth policy.",
    });
  });
});

import { type AccessClientOptions, createAccessClient, staticCredentials } from "@gatehouse/access-client";
import { Agent, interceptors, request } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { type FakeGatewayState, PAIR } from "./support/fake-gateway.ts";
import { start } from "./support/harness.ts";
import { startStranger } from "./support/stranger.ts";

/** The gateway's app redirects everything but the exchange to another place. */
function redirectTo(location: string): Partial<FakeGatewayState> {
  return {
    app(incoming, response) {
      if (incoming.url === "/target") response.end("arrived");
      else response.writeHead(307, { location }).end();
    },
  };
}

describe("8. Redirects are never followed across origins with credentials", () => {
  test("request follows none: the caller sees the 307", async () => {
    const stranger = await startStranger();
    const { client } = await start({}, redirectTo(`${stranger.origin}/`));
    expect((await client.request("/")).statusCode).toBe(307);
    expect(stranger.requests).toEqual([]);
  });

  test("not even through a dispatcher that follows redirects", async () => {
    const stranger = await startStranger();
    const dispatcher = new Agent().compose(interceptors.redirect({ maxRedirections: 3 }));
    onTestFinished(() => dispatcher.close());
    const { client } = await start({ dispatcher }, redirectTo(`${stranger.origin}/`));
    expect((await client.request("/")).statusCode).toBe(307);
    expect(stranger.requests).toEqual([]);
  });

  test("fetch follows within the origin, with the pass", async () => {
    const { client } = await start({}, redirectTo("/target"));
    expect(await (await client.fetch("/", { method: "POST", body: "again" })).text()).toBe("arrived");
  });

  test("fetch refuses to follow to another origin", async () => {
    const stranger = await startStranger();
    const { client } = await start({}, redirectTo(`${stranger.origin}/`));
    await expect(client.fetch("/")).rejects.toMatchObject({ code: "ERR_ACCESS_REDIRECT_REFUSED" });
    expect(stranger.requests).toEqual([]);
  });

  test("not even to another origin of the same client", async () => {
    const other = await start();
    const stranger = other.gateway;
    const { gateway } = await start({}, redirectTo(`${stranger.origin}/`));
    const both = createAccessClient({
      origin: [gateway.origin, stranger.origin],
      credentials: staticCredentials(PAIR),
    });
    onTestFinished(() => both.close());
    await expect(both.fetch("/")).rejects.toMatchObject({ code: "ERR_ACCESS_REDIRECT_REFUSED" });
    expect(stranger.seen).toEqual([]);
  });

  test.each(["beneath", "above"])("undici's redirect interceptor %s ours takes no credential along", async (where) => {
    const stranger = await startStranger();
    const { client, gateway } = await start({}, redirectTo(`${stranger.origin}/`));
    const redirect = interceptors.redirect({ maxRedirections: 3 });
    const order = where === "beneath" ? [redirect, client.interceptor] : [client.interceptor, redirect];
    const dispatcher = new Agent().compose(...order);
    onTestFinished(() => dispatcher.close());
    await (await request(`${gateway.origin}/`, { dispatcher })).body.dump();
    expect(stranger.requests).toHaveLength(1);
    expect(Object.keys(stranger.requests[0]?.headers ?? {}).filter((name) => name.startsWith("cf-"))).toEqual([]);
  });
});

describe("9. Credentials are bound to their origins", () => {
  test.each([
    "http://evil.example/",
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    " //evil.example/",
    "http://127.0.0.1:1/",
    "https://127.0.0.1/",
    "http://localhost/",
    "file:///etc/passwd",
    "javascript:alert(1)",
  ])("%j is refused before anything is sent", async (target) => {
    const { gateway, client } = await start();
    await expect(client.request(target)).rejects.toMatchObject({ code: "ERR_ACCESS_ORIGIN_NOT_ALLOWED" });
    await expect(client.fetch(target)).rejects.toMatchObject({ code: "ERR_ACCESS_ORIGIN_NOT_ALLOWED" });
    await expect(client.headers(target)).rejects.toMatchObject({ code: "ERR_ACCESS_ORIGIN_NOT_ALLOWED" });
    expect(gateway.seen).toEqual([]);
  });

  test("so is user information, even for the right host", async () => {
    const { gateway, client } = await start();
    const target = gateway.origin.replace("://", "://user:password@");
    await expect(client.request(target)).rejects.toMatchObject({
      code: "ERR_ACCESS_ORIGIN_NOT_ALLOWED",
      message: expect.not.stringContaining("password"),
    });
    expect(gateway.seen).toEqual([]);
  });

  test.each([
    ["plain http to another machine", { origin: "http://stats.example.com" }],
    ["a host that only begins like loopback", { origin: "http://127.0.0.1.evil.example" }],
    ["a host that only begins like localhost", { origin: "http://localhost.evil.example" }],
    ["user information", { origin: "https://a:b@stats.example.com" }],
    ["a path", { origin: "https://stats.example.com/app" }],
    ["no URL", { origin: "stats.example.com" }],
    ["nothing", { origin: [] }],
    ["a pair in place of a source", { credentials: PAIR as never }],
    ["a timeout of nothing", { timeoutMs: 0 }],
    ["a timeout without end", { timeoutMs: Number.POSITIVE_INFINITY }],
    ["an exchange path elsewhere", { exchangePath: "https://evil.example/" }],
  ])("%s is a TypeError at construction", (_, options: Partial<AccessClientOptions>) => {
    const base = { origin: "https://stats.example.com", credentials: staticCredentials(PAIR) };
    expect(() => createAccessClient({ ...base, ...options })).toThrow(TypeError);
  });

  test.each(["https://stats.example.com", "http://localhost:3000", "http://app.localhost", "http://[::1]:80"])(
    "%s is a good origin",
    (origin) => {
      expect(() => createAccessClient({ origin, credentials: staticCredentials(PAIR) })).not.toThrow();
    },
  );

  test("each origin has its own token", async () => {
    const [first, second] = [await start(), await start()];
    const origin = [first.gateway.origin, second.gateway.origin];
    const both = createAccessClient({ origin, credentials: staticCredentials(PAIR) });
    onTestFinished(() => both.close());
    await (await both.request("/a")).body.dump();
    await (await both.request(`${second.gateway.origin}/b`)).body.dump();
    expect([first.gateway.exchanges, second.gateway.exchanges]).toEqual([1, 1]);
    expect(second.gateway.seen.map((seen) => seen.headers["cf-access-token"])).toEqual([
      undefined,
      second.gateway.tokens[0],
    ]);
  });
});

describe("15. Shapes: an undici interceptor", () => {
  test("its own origins get a pass, others nothing", async () => {
    const stranger = await startStranger();
    const { gateway, client } = await start();
    const dispatcher = new Agent().compose(client.interceptor);
    onTestFinished(() => dispatcher.close());
    const [ours, theirs] = await Promise.all([
      request(`${gateway.origin}/x`, { dispatcher }),
      request(stranger.origin, { dispatcher }),
    ]);
    expect(await ours.body.json()).toMatchObject({ url: "/x" });
    expect(await theirs.body.text()).toBe("stranger");
    expect(Object.keys(stranger.requests[0]?.headers ?? {})).not.toContain("cf-access-token");
  });
});

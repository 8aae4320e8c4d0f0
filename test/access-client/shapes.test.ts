import { Writable } from "node:stream";
import { accessInterceptor, createAccessClient, createAccessFetch, staticCredentials } from "@gatehouse/access-client";
import { Agent } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { PAIR, startFakeGateway } from "./support/fake-gateway.ts";
import { start } from "./support/harness.ts";

const credentials = staticCredentials(PAIR);

async function gateway(changes = {}) {
  const made = await startFakeGateway(changes);
  onTestFinished(() => made.close());
  return made;
}

describe("15. Shapes", () => {
  test("createAccessFetch is a fetch for code that takes one", async () => {
    const { origin } = await gateway();
    const fetch = createAccessFetch({ origin, credentials });
    onTestFinished(() => fetch.close());
    expect(await (await fetch(`${origin}/x`)).json()).toMatchObject({ url: "/x" });
    await expect(fetch("https://elsewhere.example/")).rejects.toMatchObject({ code: "ERR_ACCESS_ORIGIN_NOT_ALLOWED" });
    expect(fetch.stats().exchanges).toBe(1);
  });

  test("accessInterceptor goes into any undici dispatcher", async () => {
    const { origin } = await gateway();
    const intercept = accessInterceptor({ origin, credentials });
    const agent = new Agent().compose(intercept);
    onTestFinished(async () => {
      await agent.close();
      await intercept.close();
    });
    const { statusCode, body } = await agent.request({ origin, path: "/", method: "GET" });
    await body.dump();
    expect(statusCode).toBe(200);
  });

  test("it lets a WebSocket's handshake through", async () => {
    const { origin, seen, tokens } = await gateway();
    const intercept = accessInterceptor({ origin, credentials });
    const agent = new Agent().compose(intercept);
    const { socket } = await agent.upgrade({ origin, path: "/live", protocol: "websocket" } as { path: string });
    expect(seen.at(-1)?.headers).toMatchObject({ upgrade: "websocket", "cf-access-token": tokens[0] });
    socket.destroy();
    await agent.close();
    await intercept.close();
  });

  test("stream() pours the body into what the caller gives", async () => {
    const { client } = await start();
    const chunks: string[] = [];
    const sink = new Writable({
      write(chunk, _, done) {
        chunks.push(String(chunk));
        done();
      },
    });
    await client.stream("/report", {}, ({ statusCode }) => {
      expect(statusCode).toBe(200);
      return sink;
    });
    expect(chunks.join("")).toContain("/report");
  });
});

describe("several origins in one client", () => {
  test("each has its own credentials, and none gets another's", async () => {
    const [first, second] = [
      await gateway(),
      await gateway({ clientId: "other.access", clientSecret: "other-secret" }),
    ];
    const other = staticCredentials({ clientId: "other.access", clientSecret: "other-secret" });
    const client = createAccessClient({
      origin: [first.origin, { origin: second.origin, credentials: other }],
      credentials,
    });
    onTestFinished(() => client.close());
    for (const { origin } of [first, second]) {
      const { statusCode, body } = await client.request(`${origin}/`);
      await body.dump();
      expect(statusCode).toBe(200);
    }
    expect(JSON.stringify(first.seen)).not.toContain("other-secret");
    expect(JSON.stringify(second.seen)).not.toContain(PAIR.clientSecret);
  });

  test("the same origin twice is a programmer's mistake", () => {
    expect(() => createAccessClient({ origin: ["https://a.example", "https://a.example/"], credentials })).toThrow(
      TypeError,
    );
  });
});

describe("single-header applications", () => {
  test("the pair goes as JSON in the one header, once, and the JWT as ever", async () => {
    const { gateway, client } = await start({ tokenHeader: "Authorization" }, { tokenHeader: "authorization" });
    for (let count = 0; count < 2; count += 1) {
      const { statusCode, body } = await client.request("/");
      await body.dump();
      expect(statusCode).toBe(200);
    }
    expect(gateway.exchanges).toBe(1);
    expect(gateway.seen[0]?.headers["cf-access-client-secret"]).toBeUndefined();
  });

  test("under a strict server the caller's own header of that name gives way", async () => {
    const { gateway, client } = await start(
      { tokenHeader: "Authorization" },
      { tokenHeader: "authorization", mode: "strict" },
    );
    const { statusCode, body } = await client.request("/", { headers: { AUTHORIZATION: "Basic x" } });
    await body.dump();
    expect(statusCode).toBe(200);
    expect(gateway.seen.at(-1)?.headers.authorization).toContain(PAIR.clientId);
  });

  test("what is no header name is a programmer's mistake", () => {
    expect(() => createAccessClient({ origin: "https://a.example", credentials, tokenHeader: "a b" })).toThrow(
      TypeError,
    );
  });
});

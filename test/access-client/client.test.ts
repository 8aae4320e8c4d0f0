import { type AccessClientOptions, createAccessClient, staticCredentials } from "@gatehouse/access-client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeGateway, PAIR, startFakeGateway } from "./support/fake-gateway.ts";

let gateway: FakeGateway;
let clients: { close(): Promise<void> }[];

beforeEach(async () => {
  clients = [];
  gateway = await startFakeGateway();
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await gateway.close();
});

function createClient(options: Partial<AccessClientOptions> = {}) {
  const client = createAccessClient({ origin: gateway.origin, credentials: staticCredentials(PAIR), ...options });
  clients.push(client);
  return client;
}

async function read(response: { statusCode: number; body: { json(): Promise<unknown> } }) {
  return { status: response.statusCode, json: await response.body.json() };
}

describe("one request", () => {
  test("the pair goes out once, on a GET of its own; the JWT goes with the request", async () => {
    const client = createClient();
    const answer = await read(await client.request("/api?a=1", { method: "POST", body: "hello" }));
    expect(answer).toEqual({ status: 200, json: { method: "POST", url: "/api?a=1", body: "hello" } });
    const [exchange, request] = gateway.seen;
    expect(exchange).toMatchObject({ method: "GET", url: "/api", body: "" });
    expect(exchange?.headers).not.toHaveProperty("cf-access-token");
    expect(request?.headers["cf-access-token"]).toBe(gateway.tokens[0]);
    expect(request?.headers).not.toHaveProperty("cf-access-client-secret");
  });

  test("the JWT serves all that follow, by request, by fetch and by headers", async () => {
    const client = createClient();
    await read(await client.request("/a"));
    await read(await client.request(new URL("/b", gateway.origin)));
    expect(await (await client.fetch("/c")).json()).toMatchObject({ url: "/c" });
    expect(await client.headers()).toEqual({ "cf-access-token": gateway.tokens[0] });
    expect(gateway.exchanges).toBe(1);
    expect(client.stats()).toMatchObject({ exchanges: 1, origins: [{ mode: "exchange", lastError: null }] });
    expect(client.stats().origins[0]?.credentialExpiresAt).toBe("2027-11-23T00:00:00Z");
    expect(client.stats().origins[0]?.exchangedAtMs).toBeTypeOf("number");
  });
});

describe("bodies", () => {
  test("a long answer comes whole to a reader that is slower than the sender, cold and warm", async () => {
    const megabytes = Buffer.alloc(8 * 1024 * 1024, "x");
    gateway.app = (_, response) => void response.end(megabytes);
    const client = createClient();
    for (let round = 0; round < 2; round += 1) {
      const { body } = await client.request("/");
      let bytes = 0;
      for await (const chunk of body) {
        bytes += chunk.length;
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(bytes).toBe(megabytes.length);
    }
  });
});

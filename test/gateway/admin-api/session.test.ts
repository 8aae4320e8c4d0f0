import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const TOKENS = "/client/v4/accounts/acme/access/service_tokens";
/** What the page's own script sends. */
const FROM_PAGE = { "sec-fetch-site": "same-origin", "x-requested-with": "gatehouse" };

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

interface Answer {
  readonly status: number;
  readonly cookie: string;
  readonly setCookie: string;
  readonly body: Record<string, unknown>;
}

/** `fetch` lets nobody set Host, Origin or Sec-Fetch-Site. */
async function send(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer> {
  const outgoing = request(it.adminUrl + path, {
    method,
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
  });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  const response = await new Promise<import("node:http").IncomingMessage>((resolve) =>
    outgoing.once("response", resolve),
  );
  const setCookie = response.headers["set-cookie"]?.[0] ?? "";
  return {
    status: response.statusCode ?? 0,
    setCookie,
    cookie: setCookie.split(";")[0] ?? "",
    body: JSON.parse(await text(response)) as Record<string, unknown>,
  };
}

const logIn = (token = it.apiToken, headers: Record<string, string> = FROM_PAGE) =>
  send("POST", "/session", headers, { token });

describe("the admin page's session", () => {
  test("stands for an API token: a cookie that no script reads and no other site sends", async () => {
    const { status, setCookie, cookie, body } = await logIn();
    expect(status).toBe(200);
    expect(setCookie).toMatch(/^CF_Session_Admin=[\w-]+; Expires=.+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(setCookie).not.toContain(it.apiToken);
    expect(body).toMatchObject({ result: { name: "tests", expires_at: null } });
    expect(await send("GET", "/session", { ...FROM_PAGE, cookie })).toMatchObject({
      status: 200,
      body: { result: { name: "tests" } },
    });
    expect((await send("GET", TOKENS, { ...FROM_PAGE, cookie })).status).toBe(200);
    expect((await send("POST", TOKENS, { ...FROM_PAGE, cookie }, { name: "by the page" })).status).toBe(201);
  });

  test("works in a browser that sends no Sec-Fetch-Site, by the page's own header", async () => {
    const { cookie } = await logIn(it.apiToken, { "x-requested-with": "gatehouse" });
    expect((await send("GET", TOKENS, { "x-requested-with": "gatehouse", cookie })).status).toBe(200);
  });

  test.each<[string, Record<string, string>]>([
    ["another site's page", { "sec-fetch-site": "cross-site", "x-requested-with": "x" }],
    ["another port's page on the same host", { "sec-fetch-site": "same-site", "x-requested-with": "x" }],
    ["a link", { "sec-fetch-site": "none" }],
    ["an Origin that is not ours", { ...FROM_PAGE, origin: "http://127.0.0.1:1" }],
    ["an Origin of null", { ...FROM_PAGE, origin: "null" }],
    ["neither header", {}],
    ["a name that somebody bound to our address", { ...FROM_PAGE, host: "evil.example" }],
    ["a name that only looks like ours", { ...FROM_PAGE, host: "localhost.evil.example" }],
  ])("does not count for %s", async (_, headers) => {
    const { cookie } = await logIn();
    expect((await send("GET", TOKENS, { ...headers, cookie })).status).toBe(401);
    expect((await send("POST", TOKENS, { ...headers, cookie }, { name: "forged" })).status).toBe(401);
    expect((await send("GET", "/session", { ...headers, cookie })).status).toBe(403);
    expect((await logIn(it.apiToken, headers)).status).toBe(403);
  });

  test.each(["localhost", "127.0.0.1", "[::1]", "admin.localhost"])("counts under the name %s", async (name) => {
    const host = `${name}:4004`;
    const headers = { ...FROM_PAGE, host, origin: `http://${host}` };
    const { cookie } = await logIn(it.apiToken, headers);
    expect((await send("GET", TOKENS, { ...headers, cookie })).status).toBe(200);
  });

  test("is not opened by a wrong API token, nor by something else", async () => {
    expect((await logIn("gatehouse_wrong")).status).toBe(401);
    expect((await send("POST", "/session", FROM_PAGE, { token: 5 })).status).toBe(400);
    expect((await send("POST", "/session", FROM_PAGE, [])).status).toBe(400);
  });

  test("ends when its API token is deleted, after twelve hours, and on logging out", async () => {
    const token = await it.gateway.apiTokens.create({ name: "short-lived", scopes: ["all"] });
    const deleted = await logIn(token.secret);
    await it.gateway.apiTokens.delete(token.id);
    expect((await send("GET", TOKENS, { ...FROM_PAGE, cookie: deleted.cookie })).status).toBe(401);
    const late = await logIn();
    it.clock.nowMs += 12 * 3_600_000;
    expect((await send("GET", TOKENS, { ...FROM_PAGE, cookie: late.cookie })).status).toBe(401);
    const left = await send("DELETE", "/session", FROM_PAGE);
    expect(left.setCookie).toMatch(/^CF_Session_Admin=; Expires=Thu, 01 Jan 1970/);
  });

  test.each(["x", "CF_Session_Admin=x", "CF_Session_Admin="])("is not what %j says", async (cookie) => {
    expect((await send("GET", TOKENS, { ...FROM_PAGE, cookie })).status).toBe(401);
  });

  test("does not count twice, nor with a letter changed", async () => {
    const { cookie } = await logIn();
    const changed = cookie.slice(0, 40) + (cookie[40] === "A" ? "B" : "A") + cookie.slice(41);
    for (const wrong of [`${cookie}; ${cookie}`, changed]) {
      expect((await send("GET", TOKENS, { ...FROM_PAGE, cookie: wrong })).status).toBe(401);
    }
  });

  test("never goes past the gateway on the same host", async () => {
    const { cookie } = await logIn();
    await fetch(it.url, { headers: { ...it.pair, cookie: `${cookie}; theme=dark` } });
    expect(it.origin.requests.at(-1)?.values("cookie")).toEqual(["theme=dark"]);
  });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { AuditLine } from "../../../gateway/src/audit/audit-line.ts";
import type { AuditPage } from "../../../gateway/src/audit/audit-log.ts";
import { openBrowser } from "../support/browser.ts";
import { forgeToken, strangersKey } from "../support/forged-token.ts";
import { claimsOf, exchange, OTHER_AUD } from "../support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

let it: LoginSetup;
let lastSeq = 0;
beforeAll(async () => {
  it = await startWithLogin({
    admin: true,
    applications: (host, origin) => `
  - name: People
    aud: ${OTHER_AUD}
    domain: ${host}/people
    origin: ${origin}
    policies:
      - name: not Grace
        decision: deny
        include: [{ email: { email: grace@acme.example } }]
      - name: company
        decision: allow
        include: [{ email_domain: { domain: acme.example } }]
  - name: Gone
    aud: ${"c".repeat(64)}
    domain: ${host}/gone
    origin: http://127.0.0.1:9
    policies:
      - name: bots
        decision: non_identity
        include: [{ any_valid_service_token: {} }]`,
  });
});
afterAll(() => it.close());

/** The lines since the last question, the oldest first. */
async function news(): Promise<readonly AuditLine[]> {
  const response = await fetch(`${it.adminUrl}/client/v4/accounts/x/access/logs/audit?kind=access`, {
    headers: { authorization: `Bearer ${it.apiToken}` },
  });
  const { lines } = ((await response.json()) as { result: AuditPage }).result;
  const fresh = lines.filter(({ seq }) => seq > lastSeq).toReversed();
  lastSeq = fresh.at(-1)?.seq ?? lastSeq;
  return fresh;
}

const said = (lines: readonly AuditLine[]) =>
  lines.map(({ event, reason, actor, application }) => [event, reason, actor.kind, application?.name]);

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(it.url + path, { headers: { accept: "application/json", ...headers }, redirect: "manual" });

test("plain success leaves no line, and the exchange before it one", async () => {
  await exchange(it);
  expect(said(await news())).toEqual([["service_token.exchanged", "", "service_token", "Stats"]]);
  const jwt = await exchange(it);
  await get("/", { "cf-access-token": jwt });
  expect(said(await news())).toEqual([]);
});

test("every refusal is a line: what, why, who as far as it is known, where, and the ray of the answer", async () => {
  const jwt = await exchange(it);
  const claims = claimsOf(jwt);
  const forged = forgeToken({ alg: "RS256", kid: "0".repeat(64) }, claims, strangersKey());
  const { "CF-Access-Client-Id": id = "", "CF-Access-Client-Secret": secret = "" } = it.pair;
  const stranger = "unknown";
  const bot = "service_token";
  const cases: readonly (readonly [string, Record<string, string>, string, string, string])[] = [
    ["/", {}, "no_credential", stranger, "Stats"],
    ["/", { "CF-Access-Client-Id": id }, "incomplete_credential", stranger, "Stats"],
    ["/", { ...it.pair, "cf-access-token": jwt }, "ambiguous_credential", stranger, "Stats"],
    ["/", { ...it.pair, "CF-Access-Client-Id": "nobody.access" }, "service_token_unknown", stranger, "Stats"],
    ["/", { ...it.pair, "CF-Access-Client-Secret": `${secret}x` }, "service_token_secret_mismatch", bot, "Stats"],
    ["/", { "cf-access-token": "not a JWT" }, "token_malformed", stranger, "Stats"],
    ["/", { "cf-access-token": forged }, "token_signature", stranger, "Stats"],
    ["/people/1", { "cf-access-token": jwt }, "token_wrong_audience", stranger, "People"],
    ["/people/1", it.pair, "service_token_needs_service_auth", bot, "People"],
    ["/gone", it.pair, "origin_unreachable", bot, "Gone"],
  ];
  await news();
  for (const [path, headers, reason, actor, application] of cases) {
    const response = await get(path, headers);
    const lines = (await news()).filter(({ event }) => event !== "service_token.exchanged");
    expect(said(lines)).toEqual([["request.refused", reason, actor, application]]);
    expect(lines[0]).toMatchObject({
      ip: "127.0.0.1",
      allowed: false,
      ray_id: response.headers.get("cf-ray"),
      actor: { name: actor === bot ? it.token.clientId : "" },
      detail: { host: it.host, path, method: "GET" },
    });
  }
});

test("what no application takes, and what cannot be read, is a line too", async () => {
  await sendRaw(it.port, rawRequest("/", ["Host: elsewhere.example"]));
  await sendRaw(it.port, rawRequest("/a/../b", [`Host: ${it.host}`]));
  await sendRaw(it.port, rawRequest("/", [`Host: ${it.host}`, "Content-Length: 1", "Transfer-Encoding: chunked"]));
  const lines = said(await news());
  expect(lines.slice(0, 2)).toEqual([
    ["request.refused", "no_application", "unknown", undefined],
    ["request.refused", "bad_request", "unknown", undefined],
  ]);
  expect(lines.slice(2)).toEqual([["request.refused", "bad_request", "unknown", undefined]]);
});

test("a disabled, an expired and a deleted token are told by name; its JWT too", async () => {
  const token = await it.gateway.tokens.create({ name: "short", duration: "1h" });
  const pair = { "CF-Access-Client-Id": token.clientId, "CF-Access-Client-Secret": token.clientSecret };
  const jwt = await exchange({ url: it.url, pair });
  await news();
  await it.gateway.tokens.disable(token.id);
  await get("/", pair);
  await it.gateway.tokens.enable(token.id);
  const before = it.clock.nowMs;
  it.clock.nowMs += 2 * 3_600_000;
  await get("/", pair);
  it.clock.nowMs = before;
  await it.gateway.tokens.delete(token.id);
  await get("/", { "cf-access-token": jwt });
  const lines = await news();
  expect(said(lines)).toEqual([
    ["request.refused", "service_token_disabled", "service_token", "Stats"],
    ["request.refused", "service_token_expired", "service_token", "Stats"],
    ["request.refused", "token_revoked", "service_token", "Stats"],
  ]);
  expect(new Set(lines.map(({ actor }) => actor.name))).toEqual(new Set([token.clientId]));
});

test("a secret that was rotated out is told apart from a wrong one", async () => {
  const token = await it.gateway.tokens.create({ name: "rotating" });
  const pair = { "CF-Access-Client-Id": token.clientId, "CF-Access-Client-Secret": token.clientSecret };
  await it.gateway.tokens.rotate(token.id);
  await get("/", pair);
  expect(said(await news())).toEqual([
    ["request.refused", "service_token_secret_mismatch", "service_token", "Stats"],
    ["service_token.old_secret_used", "rotated_out_secret_used", "service_token", "Stats"],
  ]);
});

test("a WebSocket that is cut because its token was disabled is a line, once", async () => {
  const origin = new WebSocketServer({ noServer: true });
  it.origin.upgradeWith((request, socket, head) => origin.handleUpgrade(request, socket, head, () => undefined));
  const token = await it.gateway.tokens.create({ name: "listener" });
  const headers = { "CF-Access-Client-Id": token.clientId, "CF-Access-Client-Secret": token.clientSecret };
  const socket = new WebSocket(`${it.url.replace("http", "ws")}/live`, { headers });
  await new Promise((resolve) => socket.once("open", resolve));
  await news();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined);
  await it.gateway.tokens.disable(token.id);
  await closed;
  const lines = await news();
  expect(said(lines)).toEqual([["connection.cut", "service_token_disabled", "service_token", "Stats"]]);
  expect(lines[0]).toMatchObject({ actor: { name: token.clientId }, detail: { path: "/live", websocket: true } });
});

test("logins are lines: who, by which identity provider, to which application, and who was kept out", async () => {
  await news();
  const ada = openBrowser();
  await logInAs(ada, `${it.url}/people/1`, "ada");
  await logInAs(openBrowser(), `${it.url}/people/1`, "grace");
  await openBrowser().open(`${it.url}/cdn-cgi/access/callback?code=x&state=y`);
  await ada.open(`${it.url}/cdn-cgi/access/logout`);
  const lines = (await news()).filter(({ event }) => event !== "request.refused");
  expect(lines.map(({ event, actor, allowed }) => [event, actor.name, allowed])).toEqual([
    ["login.allowed", "ada@acme.example", true],
    ["login.refused", "grace@acme.example", false],
    ["login.failed", "", false],
    ["logout", "ada@acme.example", true],
  ]);
  expect(lines[0]).toMatchObject({ application: { name: "People" }, ip: "127.0.0.1" });
  expect(lines[0]?.detail["identity_provider"]).toEqual(expect.stringMatching(/.+/));
  expect(lines[1]).toMatchObject({ reason: "policy_denied", application: { name: "People" } });
});

test("too many failures from one address are lines of their own kind, and soon a count", async () => {
  await news();
  const statuses = new Set<number>();
  for (let n = 0; n < 80; n += 1) {
    statuses.add((await get("/", { ...it.pair, "CF-Access-Client-Id": `${n}.access` })).status);
  }
  expect([...statuses].toSorted()).toEqual([401, 429]);
  const events = (await news()).map(({ event }) => event);
  expect(new Set(events)).toEqual(new Set(["request.refused", "request.rate_limited"]));
  expect(events.length).toBeLessThanOrEqual(40);
});

test("a call of the admin API without a good token is a line", async () => {
  await news();
  const answer = await fetch(`${it.adminUrl}/client/v4/accounts/x/access/apps`, {
    headers: { authorization: "Bearer wrong" },
  });
  expect(said(await news())).toEqual([["api.refused", expect.any(String), "unknown", undefined]]);
  expect(answer.status).toBe(401);
});

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { createLogger } from "@gatehouse/service";
import { request } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AdminAppDeps } from "../../../gateway/src/admin-api/app.ts";
import type { ApiRoute } from "../../../gateway/src/admin-api/route.ts";
import { type AdminServer, createAdminServer } from "../../../gateway/src/admin-api/server.ts";
import { createWrongTokens } from "../../../gateway/src/admin-api/wrong-tokens.ts";
import type { LiveApiToken } from "../../../gateway/src/api-tokens/api-token-directory.ts";
import type { AuditEvent } from "../../../gateway/src/audit/event.ts";
import { createSecretBox } from "../../../gateway/src/keys/secret-box.ts";

const TOKEN: LiveApiToken = { id: "1", name: "ops", scopes: ["apps:write"], expiresAtMs: null };
const authorization = "Bearer right";
const THINGS = "/client/v4/accounts/acme/things";

let server: AdminServer;
let url = "";
let logs: string[] = [];
let audited: AuditEvent[] = [];
let isStoreCurrent = true;
let handle: ApiRoute["handle"];

beforeEach(async () => {
  [logs, audited, isStoreCurrent] = [[], [], true];
  handle = async () => ({ result: {} });
  const route: ApiRoute = { method: "POST", path: "/things", scope: "apps:read", handle: (call) => handle(call) };
  const deps: AdminAppDeps = {
    logger: createLogger({ app: "gateway", destination: { write: (line) => logs.push(line) } }),
    audit: { record: (event) => void audited.push(event) },
    routes: [route, { ...route, method: "GET", isAccountOnly: true }, { ...route, method: "PUT", scope: "users:read" }],
    mounts: [
      { path: "/open", handler: (_request, response) => void response.end("open") },
      { path: "/closed", scope: "users:read", handler: (_request, response) => void response.end("closed") },
      { path: "/mine", scope: "apps:write", handler: (_request, response) => void response.end("mine") },
    ],
    apiTokens: {
      authenticate: (secret) => (secret === "right" ? TOKEN : undefined),
      find: () => TOKEN,
    },
    lastUsed: { touch: () => undefined, flush: async () => undefined, close: async () => undefined },
    wrongTokens: createWrongTokens(),
    box: createSecretBox(randomBytes(32)),
    hosts: ["admin.acme.example"],
    isStoreCurrent: () => isStoreCurrent,
    now: Date.now,
  };
  server = createAdminServer({ host: "127.0.0.1", port: 0 }, deps);
  url = `http://127.0.0.1:${await server.listen()}`;
});
afterEach(() => server.close(100));

const call = (path: string, init: RequestInit = {}) =>
  fetch(url + path, { ...init, headers: { authorization, ...init.headers } });

test("an address that is not there is a page with the way to the admin page for a browser, and JSON for a program", async () => {
  const { statusCode, headers, body } = await request(`${url}/nowhere`, { headers: { accept: "text/html" } });
  expect([statusCode, headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(await body.text()).toContain('<a href="/">Open the admin page</a>');
  expect(await (await fetch(`${url}/nowhere`)).json()).toMatchObject({ success: false, errors: [{ code: 7003 }] });
});

describe("the admin server", () => {
  test("says nothing about a mistake of ours, and logs it under the ray id of the answer", async () => {
    handle = async () => {
      throw new Error("the table of secrets has no column x");
    };
    const answer = await call(THINGS, { method: "POST" });
    expect(answer.status).toBe(500);
    expect(answer.headers.get("x-should-retry")).toBe("false");
    const text = await answer.text();
    expect(text).not.toContain("column");
    const line = logs.find((entry) => entry.includes("has no column x")) ?? "";
    expect(JSON.parse(line)).toMatchObject({ level: "error", rayId: answer.headers.get("cf-ray") });
  });

  test("tells a call who calls, from where, and when they leave", async () => {
    const left = new Promise((resolve) => {
      handle = async ({ by, params, query, body, signal }) => {
        expect(by).toMatchObject({ actor: { kind: "api_token", name: "ops" }, ip: "127.0.0.1" });
        expect([params, query.get("q"), body]).toEqual([{ account_id: "acme" }, "1", undefined]);
        await once(signal, "abort");
        resolve("left");
        return { result: null };
      };
    });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(
      `POST ${THINGS}?q=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer right\r\nContent-Length: 0\r\n\r\n`,
    );
    setTimeout(() => socket.destroy(), 100);
    expect(await left).toBe("left");
  });

  test("asks to try again, and lets nobody in, while the store does not answer", async () => {
    isStoreCurrent = false;
    const answer = await call(THINGS, { method: "POST" });
    expect([answer.status, answer.headers.get("x-should-retry")]).toEqual([503, "true"]);
    expect(await (await call("/open")).text()).toBe("open");
  });

  test("takes what is mounted with a scope only from an API token that has it", async () => {
    expect(await (await call("/open", { headers: { authorization: "" } })).text()).toBe("open");
    expect((await call("/mine", { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect((await call("/closed")).status).toBe(403);
    expect(await (await call("/mine")).text()).toBe("mine");
  });

  test("lets who may write read, and nothing else", async () => {
    expect((await call(THINGS)).status).toBe(200);
    expect((await call(THINGS, { method: "PUT" })).status).toBe(403);
    expect((await call(THINGS.replace("accounts", "zones"))).status).toBe(405);
  });

  test("writes whoever was not let in into the audit log, and never the token", async () => {
    await call(THINGS, { headers: { authorization: "Bearer wrong-but-secret" } });
    await call(THINGS, { method: "PUT" });
    await fetch(url + THINGS);
    await expect
      .poll(() => audited.map(({ reason }) => reason))
      .toEqual(["wrong_api_token", "missing_scope", "no_api_token"]);
    expect(audited[1]).toMatchObject({
      event: "api.refused",
      actor: { kind: "api_token", name: "ops" },
      isAllowed: false,
    });
    expect(JSON.stringify(audited) + logs.join("")).not.toContain("wrong-but-secret");
  });

  test("gives its page's cookie the mark Secure where a browser comes by https, under a name that was listed", async () => {
    const headers = {
      "content-type": "application/json",
      "x-requested-with": "gatehouse",
      origin: "https://admin.acme.example",
    };
    const { request } = await import("node:http");
    const outgoing = request(`${url}/session`, { method: "POST", headers: { ...headers, host: "admin.acme.example" } });
    outgoing.end(JSON.stringify({ token: "right" }));
    const [response] = (await once(outgoing, "response")) as [import("node:http").IncomingMessage];
    expect(response.headers["set-cookie"]?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
    response.resume();
  });
});

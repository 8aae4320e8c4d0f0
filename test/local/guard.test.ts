import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Workspace } from "../../local/workspace/workspace.ts";
import { startBolt } from "./support/bolt-app.ts";
import { ADA, callApi, GENERAL, startWorkspace } from "./support/workspace.ts";

let workspace: Workspace;
const log: string[] = [];

beforeAll(async () => {
  workspace = await startWorkspace({}, { log });
});
afterAll(() => workspace.close());

/** By hand, because fetch does not let its caller choose Host and Origin. */
function send(path: string, headers: Record<string, string>, method = "GET", body = ""): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(new URL(path, workspace.url), { method, headers }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  sent.on("upgrade", (_response, socket) => {
    socket.destroy();
    resolve(101);
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}

const json = { "content-type": "application/json" };
const message = JSON.stringify({ as: ADA, channel: GENERAL, text: "hi" });
const upgrade = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};
const SOCKET = `/workspace/socket?as=${ADA}`;

describe("what stands between the workspace and a web page elsewhere", () => {
  test.each([
    ["localhost", 200],
    ["127.0.0.1:80", 200],
    ["[::1]", 200],
    ["evil.example", 403],
    ["127.0.0.1.evil.example", 403],
    ["localhost.evil.example:3000", 403],
    ["localhost@evil.example", 403],
  ])("a request for host %s is answered with %i", async (host, status) => {
    expect(await send("/", { host })).toBe(status);
  });

  test.each([
    ["of its own", () => workspace.url, 200],
    ["of another site", () => "https://evil.example", 403],
    ["of another port", () => "http://127.0.0.1:1", 403],
    ["that is opaque", () => "null", 403],
  ])("a message with an origin %s", async (_case, origin, status) => {
    expect(await send("/workspace/messages", { ...json, origin: origin() }, "POST", message)).toBe(status);
  });

  test("a form, which any page may send without asking, is not read", async () => {
    const headers = { "content-type": "text/plain" };
    expect(await send("/workspace/messages", headers, "POST", message)).toBe(400);
  });

  test("an answer is not handed to a page of another site", async () => {
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    expect(await send(`/workspace/state?as=${ADA}`, headers)).toBe(403);
  });

  test.each([
    ["of its own", () => workspace.url, 101],
    ["of another site", () => "https://evil.example", 403],
  ])("a page's WebSocket with an origin %s", async (_case, origin, status) => {
    expect(await send(SOCKET, { ...upgrade, origin: origin() })).toBe(status);
  });

  test("a rebound host opens no WebSocket", async () => {
    expect(await send(SOCKET, { ...upgrade, host: "evil.example" })).toBe(403);
  });

  test("an app's WebSocket needs a ticket, and a ticket serves once", async () => {
    expect(await send("/socket-mode?ticket=guess", upgrade)).toBe(401);
    const { url } = await callApi(workspace, "apps.connections.open", {}, workspace.appToken);
    const { pathname, search } = new URL(String(url));
    expect(await send(pathname + search, upgrade)).toBe(101);
    expect(await send(pathname + search, upgrade)).toBe(401);
  });
});

describe("the page", () => {
  test("runs scripts of its own server only", async () => {
    const response = await fetch(workspace.url);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]+'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
  });

  test("learns no token, and neither does the log", async () => {
    const bolt = await startBolt(workspace, () => {});
    await bolt.stop();
    const bodies = [workspace.url, `${workspace.url}/workspace/state?as=${ADA}`, `${workspace.url}/workspace/people`];
    const texts = await Promise.all(bodies.map(async (url) => (await fetch(url)).text()));
    for (const secret of [workspace.botToken, workspace.appToken, workspace.signingSecret]) {
      expect(texts.join("\n") + log.join("\n")).not.toContain(secret);
    }
    expect(log.length).toBeGreaterThan(0);
  });

  test.each([
    "/page/../workspace.ts",
    "/page/%2e%2e/workspace.ts",
    "/page/..%2fworkspace.ts",
    "/modules/../../package.json",
  ])("gives out no file beside its own: %s", async (path) => {
    expect(await send(path, {})).toBe(404);
  });
});

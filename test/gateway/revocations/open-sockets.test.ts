import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { AUD, exchange } from "../support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";

const account = { account_id: "acme" };

let it: LoginSetup;
beforeAll(async () => {
  it = await startWithLogin({ admin: true });
  it.origin.upgradeWith((_, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello");
    socket.on("end", () => socket.end());
    socket.on("error", () => undefined);
  });
});
afterAll(() => it.close());

async function openSocket(jwt: string): Promise<Socket> {
  const socket = connect(it.port, "127.0.0.1");
  const lines = [
    "GET /live HTTP/1.1",
    `Host: ${it.host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    `Cookie: CF_Authorization=${jwt}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  socket.on("error", () => undefined);
  let text = "";
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  await expect.poll(() => text).toContain("hello");
  return socket;
}

async function passOf(person: string): Promise<string> {
  const browser = openBrowser();
  await logInAs(browser, it.url, person);
  return browser.cookie("localhost", "CF_Authorization") ?? "";
}

test("a person's open WebSocket closes when they log out, and stays while others do", async () => {
  const [mine, other] = [await passOf("ada"), await passOf("grace")];
  const [ends, stays] = [await openSocket(mine), await openSocket(other)];
  const closed = once(ends, "close");
  const cookie = `CF_Authorization=${mine}`;
  await fetch(`${it.url}/cdn-cgi/access/logout`, { headers: { cookie }, redirect: "manual" });
  await closed;
  expect(stays.destroyed).toBe(false);
  const revoked = once(stays, "close");
  await it.api.zeroTrust.organizations.revokeUsers({ ...account, email: "Grace@acme.example" });
  await revoked;
});

test("open WebSockets of an application close when its tokens are revoked, a bot's too", async () => {
  const sockets = [await openSocket(await passOf("sam")), await openSocket(await exchange(it))];
  const closed = sockets.map((socket) => once(socket, "close"));
  await it.api.zeroTrust.access.applications.revokeTokens(AUD, account);
  await Promise.all(closed);
});

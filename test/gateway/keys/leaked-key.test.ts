import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { exchange } from "../support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";

const PATH = "/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/keys/rotate";

let it: LoginSetup;
beforeEach(async () => {
  it = await startWithLogin({ admin: true });
});
afterEach(() => it.close());

const ask = async (jwt: string) => {
  const response = await fetch(it.url, { headers: { "cf-access-token": jwt, accept: "application/json" } });
  const { reason } = (await response.json()) as { readonly reason?: string };
  return { status: response.status, reason };
};
const statusWith = async (jwt: string) => (await ask(jwt)).status;

test("a leaked key is ended by the API: its JWTs and WebSockets stop at once, pairs and logins get new ones", async () => {
  it.origin.upgradeWith((_, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    socket.on("error", () => undefined);
  });
  const jwt = await exchange(it);
  const ada = openBrowser();
  await logInAs(ada, it.url, "ada");
  const socket = connect(it.port, "127.0.0.1");
  socket.on("error", () => undefined);
  const upgrade =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  socket.write(`GET / HTTP/1.1\r\nHost: ${it.host}\r\n${upgrade}\r\ncf-access-token: ${jwt}\r\n\r\n`);
  await once(socket, "data");
  const closed = once(socket, "close");

  await it.api.post(PATH, { body: { end_previous_now: true } });

  // Not "not signed by us": that would count as guessing, against everybody behind one address.
  expect(await ask(jwt)).toEqual({ status: 401, reason: "token_revoked" });
  await closed;
  const another = await exchange(it);
  expect(another).not.toBe(jwt);
  expect(await statusWith(another)).toBe(200);
  // Her login at the issuer still stands: the way there and back is made of redirects, which nobody sees.
  expect((await ada.open(`${it.url}/reports`)).status).toBe(200);
});

test("an ordinary rotation by the API ends nothing", async () => {
  const jwt = await exchange(it);
  await it.api.post(PATH, { body: {} });
  expect(await statusWith(jwt)).toBe(200);
  it.clock.nowMs += 11 * 60_000;
  expect(await statusWith(jwt)).toBe(200);
  expect(await statusWith(await exchange(it))).toBe(200);
});

import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account_id = "023e105f4ecef8ad9ca31a8372d0c353";

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway({ admin: true, fields: "    options_preflight_bypass: true" });
});
afterEach(() => it.close());

test("a preflight that goes to the origin without a credential is not cut for having none", async () => {
  const asked = Promise.withResolvers<(() => void) | undefined>();
  it.origin.answerWith((_, response) => asked.resolve(() => response.writeHead(204).end()));
  const headers = { origin: "https://elsewhere.example", "access-control-request-method": "PUT" };
  const status = fetch(it.url, { method: "OPTIONS", headers }).then(
    (answer) => answer.status,
    () => "cut",
  );
  const answer = await asked.promise;
  // A change in the store: all that is open is asked whether it may stay, before the call returns.
  await it.gateway.tokens.create({ name: "another" });
  await it.gateway.tokens.create({ name: "one more" });
  answer?.();
  expect(await status).toBe(204);
});

test("a stream of an application that was removed ends, though another one lets the same bot in on its path", async () => {
  const fields = { type: "self_hosted", name: "Inner", domain: `${it.host}/inner`, origin: it.origin.url };
  const policies = [{ name: "bots", decision: "non_identity", include: [{ any_valid_service_token: {} }] }];
  const inner = await it.api.zeroTrust.access.applications.create({ account_id, ...fields, policies } as never);
  it.origin.answerWith((_, response) => response.writeHead(200, { "content-type": "text/event-stream" }).write("a"));
  const socket = connect(it.port, "127.0.0.1").on("error", () => undefined);
  const pair = Object.entries(it.pair).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /inner HTTP/1.1\r\nHost: ${it.host}\r\n${pair.join("")}\r\n`);
  await once(socket, "data");
  await it.api.zeroTrust.access.applications.delete(inner.id ?? "", { account_id });
  socket.resume();
  await expect.poll(() => socket.closed, { timeout: 10_000 }).toBe(true);
});

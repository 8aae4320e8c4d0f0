import type { IncomingMessage, ServerResponse } from "node:http";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AccessToken, ServicePair } from "../../access-client/src/pass.ts";
import { PAIR } from "./support/fake-gateway.ts";
import { type Harness, start } from "./support/harness.ts";

/** Everything that a log could make of a value. */
function show(value: unknown): string {
  return [inspect(value, { depth: 12, showHidden: true, getters: true }), JSON.stringify(value), String(value)].join(
    "\n",
  );
}

function expectNoSecret(text: string, { gateway }: Harness): void {
  for (const secret of [
    PAIR.clientSecret,
    ...gateway.tokens,
    ...gateway.tokens.map((jwt) => jwt.split(".")[1] ?? ""),
  ]) {
    expect(text).not.toContain(secret);
  }
}

describe("13. Redaction", () => {
  test("a pass shows neither its JWT nor its secret", () => {
    expect(show(new AccessToken("eyJ.secret.jwt"))).not.toContain("secret");
    expect(show(new ServicePair("id", "hush"))).not.toContain("hush");
    expect(show(new ServicePair("id", "hush"))).toContain("id");
  });

  test.each([
    ["after a request", async () => undefined],
    ["after a 403", async ({ gateway }: Harness) => Object.assign(gateway, { isForbidden: true })],
    ["after a 401", async ({ gateway }: Harness) => Object.assign(gateway, { mode: "no-reuse" })],
    [
      "after a failed exchange",
      async ({ gateway, clock }: Harness) =>
        Object.assign(gateway, { exchangeFailure: "cut" }) && Object.assign(clock, { nowMs: clock.nowMs + 900_000 }),
    ],
    [
      "after a redirect to the login",
      async ({ gateway }: Harness) => Object.assign(gateway, { refusals: "login", isForbidden: true }),
    ],
    [
      "after a captive portal that shows all it was sent",
      async ({ gateway, clock }: Harness) =>
        Object.assign(gateway, {
          exchangeFailure: ({ headers }: IncomingMessage, response: ServerResponse) => {
            response.removeHeader("cf-ray");
            response.writeHead(200, { "content-type": "text/html" }).end(JSON.stringify(headers));
          },
        }) && Object.assign(clock, { nowMs: clock.nowMs + 900_000 }),
    ],
    [
      "after a body that broke off",
      async ({ gateway }: Harness) =>
        Object.assign(gateway, {
          app: ({ headers }: IncomingMessage, response: ServerResponse) => {
            response.writeHead(200, { "content-length": "99999" }).write(JSON.stringify(headers));
            setImmediate(() => response.destroy());
          },
        }),
    ],
    ["after the gateway is gone", async ({ gateway }: Harness) => gateway.close()],
  ])("client, statistics and errors %s", async (_, spoil) => {
    const harness = await start();
    await harness.get();
    await spoil(harness);
    const error = await harness.client
      .request("/")
      .then(({ body }) => body.json())
      .catch((caught: unknown) => caught);
    expectNoSecret(show(error instanceof Error ? error : undefined), harness);
    expectNoSecret(show(harness.client), harness);
    expectNoSecret(show(harness.client.stats()), harness);
  });
});

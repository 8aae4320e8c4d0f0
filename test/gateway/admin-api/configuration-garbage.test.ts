import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const ROUTES = [
  ["POST", "/access/apps"],
  ["POST", "/access/policies"],
  ["POST", "/access/groups"],
  ["POST", "/access/identity_providers"],
  ["POST", "/access/policy_dry_run"],
  ["PUT", "/access/organizations"],
  ["PATCH", "/access/organizations"],
  ["PUT", "/access/apps/x"],
  ["PUT", "/access/apps/x/settings"],
  ["POST", "/access/apps/x/policies"],
  ["PUT", "/access/policies/x"],
] as const;
const FIELDS = [
  "name",
  "type",
  "domain",
  "destinations",
  "policies",
  "include",
  "decision",
  "config",
  "url",
  "subject",
  "cors_headers",
];

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

async function send(method: string, path: string, body: unknown) {
  const headers = { authorization: `Bearer ${it.apiToken}`, "content-type": "application/json" };
  const url = `${it.adminUrl}/client/v4/accounts/acme${path}`;
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  return {
    status: response.status,
    envelope: (await response.json()) as { success: boolean; errors: readonly object[] },
  };
}

describe.each(ROUTES)("whatever is sent to %s %s", (method, path) => {
  test("is refused with a reason, or done; never a failure of ours", async () => {
    const body = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue()));
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const { status, envelope } = await send(method, path, sent);
        expect(status).toBeLessThan(500);
        expect(envelope.success).toBe(status < 300);
        if (status >= 400) expect(envelope.errors.length).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  });
});

test("and the gateway serves as before", async () => {
  expect((await fetch(it.url, { headers: it.pair })).status).toBe(200);
  expect(it.logs.filter((line) => line.includes("a call of the admin API failed"))).toEqual([]);
});

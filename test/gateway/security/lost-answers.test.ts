import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account_id = "acme";

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

interface Token {
  readonly id: string;
  readonly client_id: string;
  readonly client_secret?: string;
}

const tokens = () => it.api.zeroTrust.access.serviceTokens;
const use = async ({ client_id, client_secret = "" }: Token) => {
  const headers = { "CF-Access-Client-Id": client_id, "CF-Access-Client-Secret": client_secret };
  return (await fetch(it.url, { headers })).status;
};
/** As Terraform writes: all fields each time. A retry is told by the header that all of Cloudflare's SDKs send. */
const write = async ({ id }: Token, version: number, tries = 1) => {
  const body = { account_id, name: "bot", client_secret_version: version };
  const headers = tries > 1 ? { "x-stainless-retry-count": String(tries - 1) } : {};
  return (await tokens().update(id, body, { headers })) as Token;
};

test("a rotation by number whose answer was lost gives a secret when it is sent again", async () => {
  const token = (await tokens().create({ account_id, name: "bot" })) as Token;
  const lost = await write(token, 2);
  const got = await write(token, 2, 2);
  expect(got).toMatchObject({ client_secret: expect.stringMatching(/^cfast_/), client_secret_version: 2 });
  expect([await use(got), await use(lost)]).toEqual([200, 401]);
  // It can be rotated on like any other.
  const next = await write(token, 3);
  expect([await use(next), await use(got)]).toEqual([200, 401]);
});

test("another update that is sent again makes no new secret: not later, and not where the secret was used", async () => {
  const token = (await tokens().create({ account_id, name: "bot" })) as Token;
  expect(await write(token, 1, 2)).not.toHaveProperty("client_secret");
  const rotated = await write(token, 2);
  expect(await write(token, 2)).not.toHaveProperty("client_secret");
  it.clock.nowMs += 3 * 60_000;
  expect(await write(token, 2, 2)).not.toHaveProperty("client_secret");
  expect(await use(rotated)).toBe(200);
});

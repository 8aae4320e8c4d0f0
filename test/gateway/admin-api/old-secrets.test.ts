import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account = { account_id: "acme" };
const HOUR_MS = 3_600_000;

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

interface Pair {
  readonly id: string;
  readonly client_id: string;
  readonly client_secret: string;
}

const create = () => it.api.zeroTrust.access.serviceTokens.create({ ...account, name: "bot" }) as Promise<Pair>;
const rotate = ({ id }: Pair, overlapMs = 0) => {
  const end = new Date(it.clock.nowMs + overlapMs).toISOString();
  const options = { ...account, previous_client_secret_expires_at: end };
  return it.api.zeroTrust.access.serviceTokens.rotate(id, options) as Promise<Pair>;
};
const use = async ({ client_id, client_secret }: Pair) => {
  const headers = { "CF-Access-Client-Id": client_id, "CF-Access-Client-Secret": client_secret };
  return (await fetch(it.url, { headers })).status;
};

interface Line {
  readonly event: string;
  readonly actor: string;
  readonly reason: string;
  readonly allowed: boolean;
}

/** What the audit log says about the use of a token's old secrets. */
async function oldSecretLines({ client_id }: Pair): Promise<Line[]> {
  const query = new URLSearchParams({ event: "service_token.old_secret_used", actor: client_id });
  const headers = { authorization: `Bearer ${it.apiToken}` };
  const answer = await fetch(`${it.adminUrl}/client/v4/accounts/acme/access/logs/audit?${query}`, { headers });
  return ((await answer.json()) as { result: { lines: Line[] } }).result.lines;
}

describe("an old secret", () => {
  test("is no news while nobody has used the new one", async () => {
    const old = await create();
    await rotate(old, HOUR_MS);
    expect(await use(old)).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await oldSecretLines(old)).toEqual([]);
  });

  test("that is used after the new one was seen works in the overlap, and is told", async () => {
    const old = await create();
    const fresh = await rotate(old, HOUR_MS);
    expect(await use(fresh)).toBe(200);
    const reasons = async () => {
      expect(await use(old)).toBe(200);
      return (await oldSecretLines(old))[0]?.reason;
    };
    await expect.poll(reasons, { timeout: 20_000, interval: 500 }).toBe("previous_secret_used_after_successor");
  });

  test.each([
    ["that ended", async (old: Pair) => void (await rotate(old))],
    [
      "from two rotations ago",
      async (old: Pair) => {
        await rotate(old, HOUR_MS);
        await rotate(old, HOUR_MS);
      },
    ],
    [
      "from twenty rotations ago",
      async (old: Pair) => {
        for (let count = 0; count < 20; count++) await rotate(old);
      },
    ],
  ])("%s opens nothing, and is told", async (_, age) => {
    const old = await create();
    await age(old);
    expect(await use(old)).toBe(401);
    const lines = () => oldSecretLines(old);
    await expect.poll(lines, { timeout: 10_000 }).toMatchObject([{ reason: "rotated_out_secret_used" }]);
  });

  test("from beyond those that are kept is a wrong one", async () => {
    const old = await create();
    for (let count = 0; count < 23; count++) await rotate(old);
    expect(await use(old)).toBe(401);
    expect(await use({ ...old, client_secret: `${old.client_secret}x` })).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await oldSecretLines(old)).toEqual([]);
  });
});

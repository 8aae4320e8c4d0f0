import Cloudflare from "cloudflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account = { account_id: "acme" };
const HOUR_MS = 3_600_000;

/** What our answers have beyond the SDK's types. */
interface Token {
  id: string;
  client_id: string;
  client_secret?: string;
  name: string;
  enabled: boolean;
  duration: string;
  expires_at: string | null;
  created_at: string;
  updated_at: string;
  last_seen_at: string | null;
  client_secret_version: number;
  previous_client_secret_expires_at: string | null;
  client_secrets: { version: number; expires_at: string | null; last_seen_at: string | null }[];
}

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

const tokens = () => it.api.zeroTrust.access.serviceTokens;
const create = async (extra: object = {}) =>
  (await tokens().create({ ...account, name: "bot", ...extra })) as unknown as Token & { client_secret: string };
const get = async (id: string) => (await tokens().get(id, account)) as unknown as Token;
const update = async (id: string, change: object) =>
  (await tokens().update(id, { ...account, ...change })) as unknown as Token;
const rotate = async (id: string, end?: string) =>
  (await tokens().rotate(id, {
    ...account,
    ...(end && { previous_client_secret_expires_at: end }),
  })) as unknown as Token & { client_secret: string };
const inMs = (ms: number) => new Date(it.clock.nowMs + ms).toISOString();

/** What a bot with this pair meets. */
async function statusOf({ client_id }: Token, secret: string | undefined): Promise<number> {
  const headers = { "CF-Access-Client-Id": client_id, "CF-Access-Client-Secret": secret ?? "" };
  return (await fetch(it.url, { headers })).status;
}

describe("a service token, by the SDK", () => {
  test("is created with everything that an admin and Terraform want to know, and opens the door", async () => {
    const token = await create({ name: "stats", duration: "24h" });
    expect(token).toMatchObject({
      name: "stats",
      duration: "24h",
      enabled: true,
      expires_at: inMs(24 * HOUR_MS),
      last_seen_at: null,
      client_secret_version: 1,
      previous_client_secret_expires_at: null,
      client_secrets: [{ version: 1, expires_at: null, last_seen_at: null }],
    });
    expect(token.client_id).toMatch(/^[0-9a-f]{32}\.access$/);
    expect(token.client_secret).toMatch(/^cfast_[A-Za-z0-9]{48}$/);
    expect(await statusOf(token, token.client_secret)).toBe(200);
    const { client_secret: _, ...rest } = token;
    expect(await get(token.id)).toEqual({ ...rest, last_seen_at: null });
  });

  test("may be created disabled, for ever, and with a version to begin with", async () => {
    const token = await create({ enabled: false, duration: "forever", client_secret_version: 7 });
    expect(token).toMatchObject({ enabled: false, expires_at: null, client_secret_version: 7 });
    expect(await statusOf(token, token.client_secret)).toBe(401);
  });

  test("is found by name, by part of name or client id, and by page; past the end there is nothing", async () => {
    const [a, b] = [await create({ name: "Search me 100%" }), await create({ name: "Search me 100x" })];
    const list = async (query: object) => {
      const found = [];
      for await (const { id } of tokens().list({ ...account, ...query })) found.push(id);
      return found;
    };
    expect(await list({ name: "Search me 100%" })).toEqual([a.id]);
    expect(await list({ name: "Search me" })).toEqual([]);
    expect((await list({ search: "search ME" })).toSorted()).toEqual([a.id, b.id].toSorted());
    expect(await list({ search: "me 100%" })).toEqual([a.id]);
    expect(await list({ search: b.client_id.slice(4, 20) })).toEqual([b.id]);
    expect((await list({ search: "search me", per_page: 1 })).toSorted()).toEqual([a.id, b.id].toSorted());
    expect(await list({ search: "search me", page: 9 })).toEqual([]);
    const page = await fetch(
      `${it.adminUrl}/client/v4/accounts/acme/access/service_tokens?search=search+me&per_page=1&page=2`,
      { headers: { authorization: `Bearer ${it.apiToken}` } },
    );
    expect(await page.json()).toMatchObject({
      result_info: { page: 2, per_page: 1, count: 1, total_count: 2, total_pages: 2 },
    });
  });

  test("is rotated: both secrets work until the asked instant, then the new one alone", async () => {
    const token = await create();
    const rotated = await rotate(token.id, inMs(HOUR_MS));
    expect(rotated.client_id).toBe(token.client_id);
    expect(rotated.client_secret_version).toBe(2);
    expect(await statusOf(token, token.client_secret)).toBe(200);
    expect(await statusOf(token, rotated.client_secret)).toBe(200);
    it.clock.nowMs += HOUR_MS;
    expect(await statusOf(token, token.client_secret)).toBe(401);
    expect(await statusOf(token, rotated.client_secret)).toBe(200);
  });

  test("keeps the secret that its bot holds when the answer to a rotation is lost and the SDK asks again", async () => {
    const token = await create();
    const answers: { result: Token }[] = [];
    const flaky = it.api.withOptions({
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        answers.push((await answer.clone().json()) as { result: Token });
        if (answers.length === 1) throw new TypeError("the connection was cut");
        return answer;
      },
    });
    const end = { ...account, previous_client_secret_expires_at: inMs(HOUR_MS) };
    const rotated = (await flaky.zeroTrust.access.serviceTokens.rotate(token.id, end)) as unknown as Token;
    expect(rotated).toMatchObject({ client_secret_version: 3, client_secrets: [{ version: 3 }, { version: 1 }] });
    const secrets = [token.client_secret, answers[0]?.result.client_secret, rotated.client_secret];
    const statuses = secrets.map((secret) => statusOf(token, secret));
    expect(await Promise.all(statuses)).toEqual([200, 401, 200]);
  });

  test("is rotated without an overlap: the old secret and its JWT stop at once", async () => {
    const token = await create();
    const pair = { "CF-Access-Client-Id": token.client_id, "CF-Access-Client-Secret": token.client_secret };
    const answer = await fetch(it.url, { headers: pair });
    const jwt = /CF_Authorization=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "")?.[1] ?? "";
    const rotated = await rotate(token.id);
    expect(await statusOf(token, token.client_secret)).toBe(401);
    expect((await fetch(it.url, { headers: { "cf-access-token": jwt } })).status).toBe(401);
    expect(await statusOf(token, rotated.client_secret)).toBe(200);
  });

  test("has two secrets at most: a rotation within an overlap ends the oldest", async () => {
    const token = await create();
    const second = await rotate(token.id, inMs(HOUR_MS));
    const third = await rotate(token.id, inMs(HOUR_MS));
    expect(third.client_secrets.map(({ version }) => version)).toEqual([3, 2]);
    const statuses = [token, second, third].map(({ client_secret }) => statusOf(token, client_secret));
    expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
  });

  test("is whole after many rotations at once: each has its own version, and two secrets are left", async () => {
    const token = await create();
    const rotations = await Promise.all(Array.from({ length: 8 }, () => rotate(token.id, inMs(HOUR_MS))));
    const versions = rotations.map(({ client_secret_version }) => client_secret_version);
    expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await get(token.id)).client_secrets.map(({ version }) => version)).toEqual([9, 8]);
    for (const { client_secret, client_secret_version } of rotations) {
      expect(await statusOf(token, client_secret)).toBe(client_secret_version >= 8 ? 200 : 401);
    }
  });

  test("is rotated by Terraform: a higher version with PUT answers the new secret, the same one changes nothing", async () => {
    const token = await create({ client_secret_version: 1 });
    const plan = { name: "bot", client_secret_version: 2, previous_client_secret_expires_at: inMs(HOUR_MS) };
    const rotated = await update(token.id, plan);
    expect(rotated).toMatchObject({ client_secret_version: 2, previous_client_secret_expires_at: inMs(HOUR_MS) });
    expect(await statusOf(token, rotated.client_secret)).toBe(200);
    expect(await statusOf(token, token.client_secret)).toBe(200);
    const again = await update(token.id, plan);
    expect(again.client_secret).toBeUndefined();
    expect(again.client_secret_version).toBe(2);
    await expect(update(token.id, { client_secret_version: 1 })).rejects.toMatchObject({ status: 400 });
  });

  test("lets the end of its previous secret be moved, later and into the past", async () => {
    const token = await create();
    await rotate(token.id, inMs(HOUR_MS));
    await update(token.id, { previous_client_secret_expires_at: inMs(3 * HOUR_MS) });
    it.clock.nowMs += 2 * HOUR_MS;
    expect(await statusOf(token, token.client_secret)).toBe(200);
    await update(token.id, { previous_client_secret_expires_at: inMs(-1) });
    expect(await statusOf(token, token.client_secret)).toBe(401);
  });

  test("is disabled with all its secrets, and enabled again", async () => {
    const token = await create();
    const rotated = await rotate(token.id, inMs(HOUR_MS));
    expect(await update(token.id, { enabled: false })).toMatchObject({ enabled: false, name: "bot" });
    expect(await statusOf(token, token.client_secret)).toBe(401);
    expect(await statusOf(token, rotated.client_secret)).toBe(401);
    await update(token.id, { enabled: true });
    expect(await statusOf(token, token.client_secret)).toBe(200);
  });

  test("expires, and lives on when it is refreshed, or given another duration", async () => {
    const token = await create({ duration: "1h" });
    it.clock.nowMs += HOUR_MS;
    expect(await statusOf(token, token.client_secret)).toBe(401);
    expect(await tokens().refresh(token.id, account)).toMatchObject({ expires_at: inMs(HOUR_MS), duration: "1h" });
    expect(await statusOf(token, token.client_secret)).toBe(200);
    expect(await update(token.id, { duration: "48h" })).toMatchObject({ expires_at: inMs(48 * HOUR_MS) });
    expect(await update(token.id, { name: "renamed" })).toMatchObject({ expires_at: inMs(48 * HOUR_MS) });
  });

  test("tells when each of its secrets was last seen", async () => {
    const token = await create();
    const seenAt = inMs(0);
    await statusOf(token, token.client_secret);
    it.clock.nowMs += 1_000;
    await rotate(token.id, inMs(HOUR_MS));
    const seen = async () => (await get(token.id)).client_secrets.map(({ last_seen_at }) => last_seen_at);
    await expect.poll(seen, { timeout: 20_000, interval: 200 }).toEqual([null, seenAt]);
    expect((await get(token.id)).last_seen_at).toBe(seenAt);
  });

  test("is deleted, and not found afterwards", async () => {
    const token = await create();
    expect(await tokens().delete(token.id, account)).toMatchObject({ id: token.id });
    expect(await statusOf(token, token.client_secret)).toBe(401);
    const calls = [get, rotate, (id: string) => tokens().delete(id, account), (id: string) => update(id, {})];
    for (const call of calls) {
      await expect(call(token.id)).rejects.toMatchObject({
        status: 404,
        errors: [{ message: expect.stringContaining("access.api.error.service_token_not_found") }],
      });
    }
  });

  test("is not deleted while a policy names it, and the answer says which", async () => {
    const token = await create();
    const policy = await it.api.zeroTrust.access.policies.create({
      ...account,
      name: "the bots",
      decision: "non_identity",
      include: [{ service_token: { token_id: token.id } }],
    });
    const inUse = expect.stringMatching(/access\.api\.error\.service_token_in_use: .*policy "the bots"/);
    const refused = tokens().delete(token.id, account);
    await expect(refused).rejects.toMatchObject({ status: 400, errors: [{ code: 12139, message: inUse }] });
    expect(await statusOf(token, token.client_secret)).toBe(200);
    await it.api.zeroTrust.access.policies.delete(policy.id ?? "", account);
    expect(await tokens().delete(token.id, account)).toMatchObject({ id: token.id });
  });

  test("is reached under zones too, but for rotation", async () => {
    const { id } = await tokens().create({ zone_id: "zone", name: "of a zone" });
    expect(await tokens().get(id ?? "", { zone_id: "zone" })).toMatchObject({ name: "of a zone" });
    const url = `${it.adminUrl}/client/v4/zones/zone/access/service_tokens/${id}/rotate`;
    const answer = await fetch(url, { method: "POST", headers: { authorization: `Bearer ${it.apiToken}` } });
    expect(answer.status).toBe(404);
  });

  test.each([
    [{ name: " " }, /1 to 100 characters/],
    [{ name: "x".repeat(101) }, /1 to 100 characters/],
    [{ duration: "a year" }, /duration/],
    [{ duration: "-5h" }, /duration/],
    [{ client_secret_version: 0 }, /client_secret_version/],
    [{ client_secret_version: 1.5 }, /client_secret_version/],
    [{ previous_client_secret_expires_at: "tomorrow" }, /previous_client_secret_expires_at/],
    [{ enabled: "yes" }, /enabled/],
  ])("is not made from %j", async (wrong, message) => {
    const refused = create(wrong);
    await expect(refused).rejects.toBeInstanceOf(Cloudflare.BadRequestError);
    await expect(refused).rejects.toMatchObject({ errors: [{ code: 12130, message: expect.stringMatching(message) }] });
  });
});

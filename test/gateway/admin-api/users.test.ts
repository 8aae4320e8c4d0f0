import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { AUD, claimsOf, exchange } from "../support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";

const account = { account_id: "acme" };

let it: LoginSetup;
beforeAll(async () => {
  it = await startWithLogin({ admin: true });
});
afterAll(() => it.close());

const users = () => it.api.zeroTrust.access.users;
const userOf = async (email: string) => {
  for await (const user of users().list(account)) if (user.email === email) return user;
  throw new Error(`nobody with ${email}`);
};
const passOf = async (person: string) => {
  const browser = openBrowser();
  await logInAs(browser, it.url, person);
  return browser.cookie("localhost", "CF_Authorization") ?? "";
};
const statusWith = async (jwt: string) =>
  (await fetch(it.url, { headers: { cookie: `CF_Authorization=${jwt}` }, redirect: "manual" })).status;

describe("people, by the SDK", () => {
  test("are listed once they logged in, latest first, and found by a part of their name", async () => {
    await passOf("grace");
    it.clock.nowMs += 1_000;
    await passOf("ada");
    await passOf("ada");
    const emails = [];
    for await (const { email } of users().list({ ...account, per_page: 1 })) emails.push(email);
    expect(emails.slice(0, 2)).toEqual(["ada@acme.example", "grace@acme.example"]);
    const found = await users().list({ ...account, search: "GRACE" });
    expect(found.result.map(({ email }) => email)).toEqual(["grace@acme.example"]);
    expect((await users().list({ ...account, search: "%" })).result).toEqual([]);
    const ada = await userOf("ada@acme.example");
    expect(ada).toMatchObject({ name: "Ada Okafor", access_seat: true, active_session_count: 2 });
  });

  test("have sessions that can be looked at", async () => {
    const { identity_nonce: nonce, sub } = claimsOf(await passOf("sam"));
    const { id = "" } = await userOf("sam@acme.example");
    expect(id).toBe(sub);
    const [session] = (await users().activeSessions.list(id, account)).result;
    expect(session).toMatchObject({ name: nonce, metadata: { nonce, ttl: 24 * 3_600 } });
    const one = await users().activeSessions.get(String(nonce), { ...account, user_id: id });
    expect(one).toMatchObject({ email: "sam@acme.example", isActive: true, user_uuid: id, ip: "127.0.0.1" });
    expect(await users().lastSeenIdentity.get(id, account)).toMatchObject({ email: "sam@acme.example" });
  });

  test("an unknown one is a 404 that says so", async () => {
    await expect(users().get("nobody", account)).rejects.toMatchObject({
      status: 404,
      errors: [{ message: expect.stringContaining("user_not_found") }],
    });
  });

  test("who is refused after logging in has failed logins", async () => {
    await passOf("grace");
    await logInAs(openBrowser(), it.url, "olive");
    const { id = "" } = await userOf("grace@acme.example");
    expect((await users().failedLogins.list(id, account)).result).toEqual([]);
    const emails = [];
    for await (const { email } of users().list(account)) emails.push(email);
    expect(emails).not.toContain("olive@elsewhere.example");
  });
});

describe("revoking, by the SDK", () => {
  test("a person's sessions all end, however the address is spelled, and nobody else's", async () => {
    const [first, second, other] = [await passOf("ada"), await passOf("ada"), await passOf("grace")];
    expect(await it.api.zeroTrust.organizations.revokeUsers({ ...account, email: "ADA@acme.Example" })).toBe(true);
    expect([await statusWith(first), await statusWith(second), await statusWith(other)]).toEqual([401, 401, 200]);
    expect(await statusWith(await passOf("ada"))).toBe(200);
  });

  test("without a person to revoke it says what is missing", async () => {
    await expect(it.api.zeroTrust.organizations.revokeUsers({ ...account, email: "" })).rejects.toMatchObject({
      status: 400,
    });
  });

  test("an application's JWTs end, a bot's and a person's; both get new ones at once", async () => {
    const [person, bot] = [await passOf("grace"), await exchange(it)];
    const answer = await it.api.zeroTrust.access.applications.revokeTokens(AUD, account).asResponse();
    expect(answer.status).toBe(202);
    expect([await statusWith(person), await statusWith(bot)]).toEqual([401, 401]);
    const fresh = await exchange(it);
    expect(claimsOf(fresh)).toMatchObject({ aud: [AUD] });
    expect([await statusWith(fresh), await statusWith(await passOf("grace"))]).toEqual([200, 200]);
  });

  test("one session of several", async () => {
    const [kept, ended] = [await passOf("sam"), await passOf("sam")];
    const { id = "" } = await userOf("sam@acme.example");
    const path = `/client/v4/accounts/acme/access/users/${id}/active_sessions/${claimsOf(ended).identity_nonce}`;
    const headers = { authorization: `Bearer ${it.apiToken}` };
    expect((await fetch(it.adminUrl + path, { method: "DELETE", headers })).status).toBe(200);
    expect([await statusWith(kept), await statusWith(ended)]).toEqual([200, 401]);
  });
});

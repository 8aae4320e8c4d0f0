import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { AUD, startGateway, type TestGateway } from "../support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";

const account = { account_id: "acme" };

let here: LoginSetup;
let there: TestGateway;
beforeAll(async () => {
  here = await startWithLogin({ admin: true });
  const { databaseUrl, identityProvider } = here.config;
  there = await startGateway({ databaseUrl, identityProvider, config: { issuer: here.url } });
});
afterAll(async () => {
  await there.close();
  await here.close();
});

const passOf = async (person: string) => {
  const browser = openBrowser();
  await logInAs(browser, here.url, person);
  return browser.cookie("localhost", "CF_Authorization") ?? "";
};
const reasonAt = async ({ url }: TestGateway, jwt: string) => {
  const answer = await fetch(url, { headers: { cookie: `CF_Authorization=${jwt}` } });
  return answer.ok ? "let in" : ((await answer.json()) as { reason: string }).reason;
};

test("a login at one gateway counts at the other, and a logout, a revoked person and a revoked application too", async () => {
  const ways: [string, (jwt: string) => Promise<unknown>, string][] = [
    [
      "ada",
      (jwt) => fetch(`${here.url}/cdn-cgi/access/logout`, { headers: { cookie: `CF_Authorization=${jwt}` } }),
      "session_unknown",
    ],
    [
      "grace",
      () => here.api.zeroTrust.organizations.revokeUsers({ ...account, email: "grace@acme.example" }),
      "session_unknown",
    ],
    ["sam", () => here.api.zeroTrust.access.applications.revokeTokens(AUD, account), "token_revoked"],
  ];
  for (const [person, end, reason] of ways) {
    const jwt = await passOf(person);
    expect([await reasonAt(here, jwt), await reasonAt(there, jwt)]).toEqual(["let in", "let in"]);
    await end(jwt);
    expect(await reasonAt(here, jwt)).toBe(reason);
    await expect.poll(() => reasonAt(there, jwt)).toBe(reason);
  }
});

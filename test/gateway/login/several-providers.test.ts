import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Browser, openBrowser } from "../support/browser.ts";
import { claimsOf } from "../support/gateway.ts";
import { type LoginSetup, startWithLogin } from "../support/login.ts";
import { type ScriptedProvider, startScriptedProvider } from "../support/scripted-provider.ts";

const account = { account_id: "acme" };

let it: LoginSetup;
let partner: ScriptedProvider;
/** Ids of the environment's provider and of the partner's. */
let home = "";
let away = "";
beforeAll(async () => {
  it = await startWithLogin({ admin: true });
  partner = await startScriptedProvider();
  const { issuer, clientId: client_id, clientSecret: client_secret } = partner.client;
  const made = await providers().create({
    ...account,
    name: "Partner <Inc>",
    type: "oidc",
    config: { issuer, client_id, client_secret, claims: ["team"] } as object,
  });
  away = made.id ?? "";
  for await (const one of providers().list(account)) if (one.id !== away) home = one.id ?? "";
});
afterAll(async () => {
  await it.close();
  await partner.close();
});

const providers = () => it.api.zeroTrust.identityProviders;
const apps = () => it.api.zeroTrust.access.applications;
const at = (name: string, path = "/") => `http://${name}.test:${it.port}${path}`;

/** An application of the API, on a host of its own, with one Allow policy. */
async function createApp(
  name: string,
  include: readonly object[],
  fields: object = {},
): Promise<{ id: string; aud: string }> {
  const made = await apps().create({ ...account, ...whole(name, include), ...fields } as never);
  return made as unknown as { id: string; aud: string };
}
function whole(name: string, include: readonly object[]) {
  const policies = [{ name: "people", decision: "allow", include }];
  const domain = `${name}.test:${it.port}`;
  return { type: "self_hosted", name, domain, origin: it.origin.url, policies };
}
const linkOf = (text: string, provider: string) =>
  [...text.matchAll(/<li><a href="([^"]+)"/g)]
    .map(([, href = ""]) => href.replaceAll("&#38;", "&"))
    .find((href) => href.endsWith(`&idp=${provider}`)) ?? "";
const choose = async (browser: Browser, url: string, provider: string) =>
  browser.open(linkOf((await browser.open(url)).text, provider));

const everyone = [{ email_domain: { domain: "acme.example" } }];

describe("several identity providers", () => {
  test("a page offers those that the application takes, and each one works", async () => {
    await createApp("both", everyone);
    const page = await openBrowser().open(at("both", "/deep?x"));
    expect([page.status, page.text]).toEqual([200, expect.stringContaining("Log in to both")]);
    expect(page.text).toContain("Partner &#60;Inc&#62;");
    expect(page.text).not.toContain("<Inc>");
    expect([...page.text.matchAll(/&#38;idp=([^"]+)"/g)].map(([, id]) => id).toSorted()).toEqual(
      [home, away].toSorted(),
    );
    const browser = openBrowser();
    const entered = await choose(browser, at("both", "/deep?x"), away);
    expect([entered.status, entered.url]).toEqual([200, at("both", "/deep?x")]);
    const other = openBrowser();
    const asked = await choose(other, at("both", "/deep?x"), home);
    expect((await other.submit(asked.url, { person: "sam" })).url).toBe(at("both", "/deep?x"));
  });

  test("where one is allowed nobody has to choose, and another's word does not count", async () => {
    await createApp("partners", everyone, { allowed_idps: [away] });
    const browser = openBrowser();
    const page = await browser.open(at("partners"));
    expect([page.status, page.url]).toEqual([200, at("partners")]);
    const insider = openBrowser();
    const asked = await choose(insider, at("both"), home);
    await insider.submit(asked.url, { person: "ada" });
    // Known here, but not by this provider: it is asked.
    const again = await insider.open(at("partners"));
    expect([again.status, again.trail.some((url) => url.startsWith(partner.issuer))]).toEqual([200, true]);
    const { aud } = await createApp("forced", everyone, { allowed_idps: [away] });
    const forced = await openBrowser().open(
      `${it.url}/cdn-cgi/access/login/forced.test:${it.port}?kid=${aud}&redirect_url=%2F&idp=${home}&binding=${"0".repeat(64)}`,
    );
    expect(forced.trail.some((url) => url.startsWith(it.provider.issuer))).toBe(false);
  });

  test("rules go by the provider, by its claims, and by how it made sure", async () => {
    await createApp("method", [{ login_method: { id: away } }]);
    await createApp("claim", [{ oidc: { claim_name: "team", claim_value: "blue", identity_provider_id: away } }]);
    await createApp("strong", [{ auth_method: { auth_method: "mfa" } }]);
    partner.play({ claims: { team: ["red", "blue"], amr: ["pwd", "mfa"] } });
    const browser = openBrowser();
    for (const name of ["method", "claim", "strong"]) {
      const page = name === "method" ? await choose(browser, at(name), away) : await browser.open(at(name));
      expect([name, page.status, page.url]).toEqual([name, 200, at(name)]);
    }
    expect(claimsOf(browser.cookie("claim.test", "CF_Authorization") ?? "")).toMatchObject({
      custom: { name: "Ada", team: ["red", "blue"] },
    });
    const identity = await browser.open(at("claim", "/cdn-cgi/access/get-identity"));
    expect(JSON.parse(identity.text)).toMatchObject({
      idp: { id: away, type: "oidc", name: "Partner <Inc>" },
      amr: ["pwd", "mfa"],
      custom: { team: ["red", "blue"] },
    });
    partner.play({ claims: { team: "red", amr: ["pwd"] } });
    const refused = openBrowser();
    expect((await choose(refused, at("claim"), away)).text).toContain("You have no access to claim");
    expect((await choose(refused, at("strong"), away)).text).toContain("You have no access to strong");
    const insider = openBrowser();
    const asked = await choose(insider, at("method"), home);
    expect((await insider.submit(asked.url, { person: "ada" })).text).toContain("You have no access to method");
    partner.play({});
  });

  test("a provider that is changed is asked anew, under way or not; one that is gone says so", async () => {
    const second = await startScriptedProvider();
    const { issuer, clientId: client_id, clientSecret: client_secret } = second.client;
    const config = { issuer, client_id, client_secret } as object;
    const made = await providers().create({ ...account, name: "Second", type: "oidc", config });
    const id = made.id ?? "";
    const app = await createApp("second", everyone, { allowed_idps: [id] });
    expect((await openBrowser().open(at("second"))).status).toBe(200);
    const moved = { issuer: partner.issuer, client_id, client_secret: "scripted-secret" } as object;
    await providers().update(id, { ...account, name: "Second", type: "oidc", config: moved });
    const before = second.requests.length;
    const browser = openBrowser();
    expect((await browser.open(at("second"))).status).toBe(200);
    expect(second.requests.length).toBe(before);
    await apps().update(app.id, { ...account, ...whole("second", everyone) } as never);
    await providers().delete(id, account);
    // Nobody goes on by the word of a provider that is asked no longer.
    expect((await browser.open(`${it.url}/`)).text).toContain("Choose how you want to log in");
    expect((await browser.open(at("second"))).text).toContain("Log in to second");
    await second.close();
  });

  test("whoever starts over with another account chooses again", async () => {
    const browser = openBrowser();
    await choose(browser, at("both"), away);
    const page = await browser.open(`${it.url}/cdn-cgi/access/login?prompt=login`);
    expect(page.text).toContain("Log in to Gatehouse");
    expect(linkOf(page.text, home)).toContain("prompt=login");
  });
});

describe("the audit log", () => {
  test("has every login, and why one failed or was refused", async () => {
    const from = new Date(it.clock.nowMs).toISOString();
    partner.play({ signWith: "another key" });
    await choose(openBrowser(), at("both"), away);
    partner.play({ claims: { email: "eve@evil.example" } });
    await choose(openBrowser(), at("both"), away);
    partner.play({});
    const browser = openBrowser();
    await choose(browser, at("both"), away);
    await browser.open(at("both", "/cdn-cgi/access/logout"));
    const answer = await fetch(`${it.adminUrl}/client/v4/accounts/acme/access/logs/audit?since=${from}&limit=100`, {
      headers: { authorization: `Bearer ${it.apiToken}` },
    });
    const { result } = (await answer.json()) as {
      result: { lines: { event: string; reason: string; actor: { name: string } }[] };
    };
    const seen = result.lines.map(({ event, reason, actor }) => [event, actor.name, reason]);
    expect(seen).toContainEqual(["login.failed", "", expect.stringContaining("ERR_LOGIN_FAILED")]);
    expect(seen).toContainEqual(["login.refused", "eve@evil.example", "no_policy_matched"]);
    expect(seen).toContainEqual(["login.allowed", "ada@acme.example", ""]);
    expect(seen).toContainEqual(["logout", "ada@acme.example", ""]);
  });
});

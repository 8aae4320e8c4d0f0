import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "./support/browser.ts";
import { claimsOf, OTHER_AUD } from "./support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "./support/login.ts";

let it: LoginSetup;
let other = "";
beforeAll(async () => {
  it = await startWithLogin({
    applications: (host, origin) => `
  - name: Other
    aud: ${OTHER_AUD}
    domain: ${host.replace("localhost", "127.0.0.1")}
    origin: ${origin}
    policies:
      - { name: company, decision: allow, include: [{ email_domain: { domain: acme.example } }] }`,
  });
  other = `http://127.0.0.1:${it.port}`;
});
afterAll(() => it.close());

const ticketUrlOf = (trail: readonly string[]) => trail.find((url) => url.includes("/cdn-cgi/access/authorized")) ?? "";

describe("an application on a host of its own", () => {
  test("gets its cookie there, for its own audience, and the browser comes back to where it was going", async () => {
    const browser = openBrowser();
    const page = await logInAs(browser, `${other}/reports?x=1`, "ada");
    expect([page.status, page.url]).toEqual([200, `${other}/reports?x=1`]);
    expect(claimsOf(browser.cookie("127.0.0.1", "CF_Authorization") ?? "")).toMatchObject({ aud: [OTHER_AUD] });
    expect(browser.cookie("localhost", "CF_Authorization")).toBeUndefined();
    expect(it.origin.requests.at(-1)?.values("cookie").join()).not.toContain("CF_");
  });

  test("is not entered with the pass of the other one", async () => {
    const browser = openBrowser();
    await logInAs(browser, it.url, "ada");
    const cookie = `CF_Authorization=${browser.cookie("localhost", "CF_Authorization")}`;
    const answer = await fetch(other, { headers: { cookie } });
    expect(await answer.json()).toMatchObject({ reason: "token_wrong_audience" });
  });

  test("a ticket counts once, in its own browser, and not for long", async () => {
    const browser = openBrowser();
    const url = ticketUrlOf((await logInAs(browser, other, "ada")).trail);
    expect(url).toContain("ticket=");
    expect((await browser.open(url)).status).toBe(400);
    expect((await openBrowser().open(url)).status).toBe(400);
    const altered = await browser.open(url.slice(0, -2));
    expect(altered.text).toContain("This login is no longer good");
  });

  test("a login link without a browser's binding goes by the application first", async () => {
    const browser = openBrowser();
    const page = await browser.open(
      `${it.url}/cdn-cgi/access/login/127.0.0.1:${it.port}?kid=${OTHER_AUD}&redirect_url=%2Fa`,
    );
    expect(page.trail[1]).toBe(`${other}/a`);
    expect((await browser.submit(page.url, { person: "ada" })).url).toBe(`${other}/a`);
  });

  test("a ticket slipped to a victim is of no use there", async () => {
    const attacker = openBrowser();
    const login = await attacker.open(other);
    const victim = openBrowser();
    await victim.open(other);
    attacker.setCookie("127.0.0.1", "CF_AppSession", "0".repeat(32));
    const spoiled = await attacker.submit(login.url, { person: "ada" });
    expect(spoiled.status).toBe(400);
    expect((await victim.open(ticketUrlOf(spoiled.trail))).status).toBe(400);
    expect(victim.cookie("127.0.0.1", "CF_Authorization")).toBeUndefined();
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "./support/browser.ts";
import { AUD, claimsOf } from "./support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "./support/login.ts";

let it: LoginSetup;
beforeAll(async () => {
  it = await startWithLogin();
});
afterAll(() => it.close());

describe("logging in", () => {
  test("a browser is sent to log in and comes back to where it was going", async () => {
    const browser = openBrowser();
    const page = await browser.open(`${it.url}/reports/week?metric=signups&x=%20`);
    expect(page.trail[1]).toMatch(
      new RegExp(`^${it.url}/cdn-cgi/access/login/localhost:${it.port}\\?kid=${AUD}&redirect_url=`),
    );
    expect(page.text).toContain("Ada Okafor");
    const back = await browser.submit(page.url, { person: "ada" });
    expect(back.status).toBe(200);
    expect(back.url).toBe(`${it.url}/reports/week?metric=signups&x=%20`);
    const seen = it.origin.requests.at(-1);
    expect(seen?.url).toBe("/reports/week?metric=signups&x=%20");
    expect(seen?.values("cf-access-authenticated-user-email")).toEqual(["ada@acme.example"]);
    const claims = claimsOf(seen?.values("cf-access-jwt-assertion")[0] ?? "");
    expect(claims).toMatchObject({
      type: "app",
      aud: [AUD],
      email: "ada@acme.example",
      custom: { name: "Ada Okafor" },
    });
    expect(claims.sub).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(seen?.values("cookie")).toEqual([]);
    expect(browser.cookieNames("localhost")).toEqual(["CF_Authorization", "CF_Session"]);
  });

  test("a second login of the same browser asks nothing", async () => {
    const browser = openBrowser();
    await logInAs(browser, it.url, "ada");
    browser.setCookie("localhost", "CF_Authorization", "gone");
    const page = await browser.open(`${it.url}/again`);
    expect(page.status).toBe(200);
    expect(page.url).toBe(`${it.url}/again`);
  });

  test("logging out ends the session at once, and the next login asks again", async () => {
    const browser = openBrowser();
    await logInAs(browser, it.url, "grace");
    const jwt = browser.cookie("localhost", "CF_Authorization") ?? "";
    const page = await browser.open(`${it.url}/cdn-cgi/access/logout`);
    expect(page.trail.some((url) => url.startsWith(it.provider.issuer))).toBe(true);
    const form = /action="([^"]+)".*name="xsrf" value="([^"]+)"/s.exec(page.text);
    const out = await browser.submit(form?.[1] ?? "", { xsrf: form?.[2] ?? "", logout: "yes" });
    expect(out.text).toContain("You are logged out");
    const replay = await fetch(it.url, { headers: { cookie: `CF_Authorization=${jwt}` } });
    expect(replay.status).toBe(401);
    expect(await replay.json()).toMatchObject({ reason: "session_unknown" });
    expect((await browser.open(it.url)).text).toContain("Who are you?");
  });

  test("somebody whom no policy lets in sees a page that says so, and gets no JWT", async () => {
    const browser = openBrowser();
    const page = await logInAs(browser, `${it.url}/reports`, "olive");
    expect(page.status).toBe(403);
    expect(page.headers["content-type"]).toContain("text/html");
    expect(page.text).toContain("You have no access to Stats");
    expect(page.text).toContain("olive@elsewhere.example");
    expect(browser.cookie("localhost", "CF_Authorization")).toBeUndefined();
    const other = /href="([^"]+)">Use another account/.exec(page.text)?.[1]?.replaceAll("&#38;", "&") ?? "";
    expect((await browser.open(other)).text).toContain("Who are you?");
  });

  test("the login's answer says for which application it is, to clients that look there", async () => {
    const link = `${it.url}/cdn-cgi/access/login/localhost?kid=${AUD}&redirect_url=%2F`;
    const answer = await fetch(link, { method: "HEAD", redirect: "manual" });
    expect([answer.headers.get("cf-access-aud"), answer.headers.get("cf-access-domain")]).toEqual([AUD, it.host]);
  });

  test("get-identity tells a person who they are", async () => {
    const browser = openBrowser();
    await logInAs(browser, it.url, "sam");
    const page = await browser.open(`${it.url}/cdn-cgi/access/get-identity`);
    expect(JSON.parse(page.text)).toMatchObject({
      email: "sam@acme.example",
      name: "Sam Rivera",
      service_token_status: false,
    });
  });

  test("an address of ours that is none is a page for a person, JSON for a program", async () => {
    const page = await openBrowser().open(`${it.url}/cdn-cgi/access/nowhere`);
    expect([page.status, page.text.includes("There is nothing here")]).toEqual([404, true]);
    const program = await fetch(`${it.url}/cdn-cgi/access/nowhere`);
    expect([program.status, await program.json()]).toMatchObject([400, { reason: "bad_request" }]);
  });

  test("get-identity takes a pair, and nobody without a credential", async () => {
    const identity = `${it.url}/cdn-cgi/access/get-identity`;
    const bot = await fetch(identity, { headers: it.pair });
    expect(await bot.json()).toMatchObject({
      common_name: it.token.clientId,
      service_token_status: true,
      user_uuid: "",
    });
    expect((await fetch(identity)).status).toBe(401);
  });
});

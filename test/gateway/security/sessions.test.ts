import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { AUD, claimsOf } from "../support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";

let it: LoginSetup;
beforeAll(async () => {
  it = await startWithLogin();
});
afterAll(() => it.close());

const loginLink = (redirect: string) =>
  `${it.url}/cdn-cgi/access/login/localhost:${it.port}?kid=${AUD}&redirect_url=${encodeURIComponent(redirect)}`;
const cookieOf = async (person: string) => {
  const browser = openBrowser();
  await logInAs(browser, it.url, person);
  return browser.cookie("localhost", "CF_Authorization") ?? "";
};
const withCookie = (cookie: string) =>
  fetch(it.url, { headers: { cookie: `CF_Authorization=${cookie}` }, redirect: "manual" });

describe("logins under attack", () => {
  test.each([
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/%5cevil.example",
    "/..//evil.example",
  ])("a login link to %j comes back to the application's first page", async (redirect) => {
    const browser = openBrowser();
    const page = await logInAs(browser, loginLink(redirect), "ada");
    expect(page.url).toBe(`${it.url}/`);
    expect(page.trail.every((url) => ["localhost", "127.0.0.1"].includes(new URL(url).hostname))).toBe(true);
  });

  test("a login link for no application of ours goes nowhere", async () => {
    for (const query of ["kid=x", `kid=${"9".repeat(64)}`, `kid=${AUD}&kid=${AUD}x`]) {
      const page = await openBrowser().open(`${it.url}/cdn-cgi/access/login/evil.example?${query}`);
      expect([page.status, page.trail.length]).toEqual([400, 1]);
    }
  });

  test("a callback counts once, in the browser that began it", async () => {
    const browser = openBrowser();
    const login = await browser.open(it.url);
    const back = await browser.submit(login.url, { person: "ada" });
    const callback = back.trail.find((url) => url.includes("/cdn-cgi/access/callback")) ?? "";
    expect(callback).toContain("code=");
    expect((await browser.open(callback)).status).toBe(400);
    expect((await openBrowser().open(callback)).text).toContain("This login is no longer good");
  });

  test("a callback that another browser began cannot be slipped to a victim", async () => {
    const attacker = openBrowser();
    const login = await attacker.open(it.url);
    const form = await attacker.open(login.url);
    const victim = openBrowser();
    const page = await victim.open(`${it.url}/cdn-cgi/access/callback?code=x&state=${"s".repeat(43)}`);
    expect(page.status).toBe(400);
    expect(victim.cookieNames("localhost")).toEqual([]);
    expect(form.status).toBe(200);
  });

  test("a callback with another state, or an altered login cookie, is refused", async () => {
    const browser = openBrowser();
    const login = await browser.open(it.url);
    const name = browser.cookieNames("localhost").find((cookie) => cookie.startsWith("CF_AppSession_")) ?? "";
    browser.setCookie("localhost", name, `${browser.cookie("localhost", name)}x`, "/cdn-cgi/access/callback");
    const back = await browser.submit(login.url, { person: "ada" });
    expect(back.status).toBe(400);
    expect(browser.cookie("localhost", "CF_Authorization")).toBeUndefined();
  });

  test("a login takes its time, but not more than a quarter of an hour", async () => {
    const browser = openBrowser();
    const login = await browser.open(it.url);
    it.clock.nowMs += 16 * 60_000;
    const back = await browser.submit(login.url, { person: "ada" });
    it.clock.nowMs -= 16 * 60_000;
    expect([back.status, back.text.includes("This login is no longer good")]).toEqual([400, true]);
  });

  test("somebody who cancels at the identity provider is told so", async () => {
    const browser = openBrowser();
    const login = await browser.open(it.url);
    const back = await browser.submit(login.url, { person: "nobody" });
    expect(back.status).toBe(403);
    expect(back.text).toContain("You were not logged in");
  });

  test("logging out redirects nowhere that a stranger names", async () => {
    for (const query of [
      "returnTo=https://evil.example",
      "redirect_url=//evil.example",
      "post_logout_redirect_uri=https://evil.example",
    ]) {
      const page = await openBrowser().open(`${it.url}/cdn-cgi/access/logout?${query}`);
      expect([page.status, page.trail.length]).toEqual([200, 1]);
      expect(page.text).not.toContain("evil");
    }
  });

  test("what a page repeats is escaped", async () => {
    const page = await openBrowser().open(`${it.url}/cdn-cgi/access/login/%3Cscript%3E?kid=%3Cscript%3E`);
    expect(page.text).not.toContain("<script");
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  });
});

describe("sessions", () => {
  test.each(["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "%", '"quoted"', "null"])(
    "a malformed cookie %j is no pass: a program gets 401, a browser the login",
    async (cookie) => {
      const answer = await withCookie(cookie);
      expect(answer.status).toBe(401);
      const browser = openBrowser();
      browser.setCookie("localhost", "CF_Authorization", cookie);
      expect((await browser.open(it.url)).text).toContain("Who are you?");
    },
  );

  test("a person's JWT dies with its time and with its session, not before", async () => {
    const cookie = await cookieOf("ada");
    expect((await withCookie(cookie)).status).toBe(200);
    const { exp } = claimsOf(cookie);
    const nowMs = it.clock.nowMs;
    it.clock.nowMs = Number(exp) * 1000;
    expect((await withCookie(cookie)).status).toBe(401);
    it.clock.nowMs = nowMs;
    expect((await withCookie(cookie)).status).toBe(200);
  });

  test("sessions last over a restart, and a logout holds over one", async () => {
    const [kept, ended] = [await cookieOf("ada"), await cookieOf("sam")];
    await fetch(`${it.url}/cdn-cgi/access/logout`, {
      headers: { cookie: `CF_Authorization=${ended}` },
      redirect: "manual",
    });
    await it.restart();
    expect([(await withCookie(kept)).status, (await withCookie(ended)).status]).toEqual([200, 401]);
  });

  test("no cookie, code or state of a login is in the log", async () => {
    const browser = openBrowser();
    const page = await logInAs(browser, `${it.url}/?secret=hunter2`, "ada");
    const all = it.logs.join("");
    expect(all).toContain('"email":"ada@acme.example"');
    const callback = new URL(page.trail.find((url) => url.includes("/callback")) ?? "");
    const jwt = browser.cookie("localhost", "CF_Authorization") ?? "";
    for (const secret of [
      callback.searchParams.get("code"),
      callback.searchParams.get("state"),
      jwt.split(".")[2],
      "hunter2",
      "local-client-secret",
    ]) {
      expect(all).not.toContain(secret);
    }
  });
});

test("an identity provider that is down is said so, and found again when it is back", async () => {
  const setup = await startWithLogin();
  await setup.provider.close();
  const page = await openBrowser().open(setup.url);
  expect([page.status, page.text.includes("The identity provider does not answer")]).toEqual([502, true]);
  await setup.provider.listen();
  expect((await openBrowser().open(setup.url)).text).toContain("Who are you?");
  await setup.close();
});

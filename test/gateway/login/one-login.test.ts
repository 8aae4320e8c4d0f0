import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Browser, openBrowser, type Page } from "../support/browser.ts";
import { AUD, claimsOf } from "../support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";

const HOUR_MS = 3_600_000;
const aud = (digit: string) => digit.repeat(64);
const company = "{ name: company, decision: allow, include: [{ email_domain: { domain: acme.example } }] }";

/** Several applications on hosts of their own, and one on the issuer's (localhost). */
const applications = (host: string, origin: string) => {
  const port = host.split(":")[1];
  const entry = (name: string, digit: string, rest: string) =>
    `  - { name: ${name}, aud: "${aud(digit)}", origin: "${origin}", ${rest} }`;
  return [
    entry("Wiki", "1", `domain: "wiki.test:${port}", session_duration: 1h, policies: [${company}]`),
    entry("Sites", "2", `domain: "*.sites.test:${port}", policies: [${company}]`),
    entry(
      "Two",
      "3",
      `destinations: [{ uri: "one.test:${port}/a" }, { uri: "other.test:${port}" }], policies: [${company}]`,
    ),
    entry(
      "Long",
      "4",
      `domain: "long.test:${port}", session_duration: 72h, policies: [{ name: short for sam, decision: allow, session_duration: 30m, include: [{ email: { email: sam@acme.example } }] }, ${company}]`,
    ),
    entry(
      "Board",
      "5",
      `domain: "board.test:${port}", policies: [{ name: grace, decision: allow, include: [{ email: { email: grace@acme.example } }] }]`,
    ),
  ].join("\n");
};

let it: LoginSetup;
let startMs = 0;
beforeAll(async () => {
  it = await startWithLogin({ applications, admin: true });
  startMs = it.clock.nowMs;
});
afterEach(() => {
  it.clock.nowMs = startMs;
});
afterAll(() => it.close());

const at = (name: string, path = "/") => `http://${name}:${it.port}${path}`;
const wasAsked = (trail: readonly string[]) => trail.some((url) => url.startsWith(it.provider.issuer));
const passOf = (browser: Browser, host: string) => browser.cookie(host, "CF_Authorization") ?? "";
const statusWith = async (url: string, jwt: string) => {
  const page = await (async () => {
    const browser = openBrowser();
    browser.setCookie(new URL(url).hostname, "CF_Authorization", jwt);
    return browser.open(url);
  })();
  return page.text.includes("Who are you?") ? 401 : page.status;
};

/** The local identity provider's form that sends itself: it ends the session of whoever was logged in there. */
async function submitForm(browser: Browser, page: Page): Promise<Page> {
  const form = /action="([^"]+)".*name="xsrf" value="([^"]+)"/s.exec(page.text);
  return browser.submit(form?.[1] ?? "", { xsrf: form?.[2] ?? "", logout: "yes" });
}

describe("one login", () => {
  test("opens every application on every host, and nobody is asked again", async () => {
    const browser = openBrowser();
    const first = await logInAs(browser, at("wiki.test", "/page?x=1"), "ada");
    expect([first.status, first.url]).toEqual([200, at("wiki.test", "/page?x=1")]);
    for (const url of [
      `${it.url}/reports`,
      at("red.sites.test", "/deep/link"),
      at("blue.sites.test"),
      at("other.test", "/x"),
      at("one.test", "/a/b?c"),
      at("long.test"),
    ]) {
      const page = await browser.open(url);
      expect([page.status, page.url, wasAsked(page.trail)]).toEqual([200, url, false]);
    }
    expect(claimsOf(passOf(browser, "red.sites.test"))).toMatchObject({ aud: [aud("2")] });
    expect(claimsOf(passOf(browser, "localhost"))).toMatchObject({ aud: [AUD] });
    const seen = it.origin.requests.at(-1);
    expect(seen?.values("cookie").join()).toBe("");
  });

  test("an application's pass ends with its own time, and comes back without a word while the login lives", async () => {
    const browser = openBrowser();
    await logInAs(browser, at("wiki.test"), "ada");
    const { exp, iat } = claimsOf(passOf(browser, "wiki.test"));
    expect(Number(exp) - Number(iat)).toBe(3_600);
    it.clock.nowMs += HOUR_MS + 1_000;
    const again = await browser.open(at("wiki.test", "/later"));
    expect([again.url, wasAsked(again.trail)]).toEqual([at("wiki.test", "/later"), false]);
    it.clock.nowMs = startMs + 24 * HOUR_MS;
    const next = await browser.open(at("wiki.test"));
    expect(wasAsked(next.trail)).toBe(true);
  });

  test("a policy's session duration goes before the application's", async () => {
    const browser = openBrowser();
    await logInAs(browser, at("long.test"), "sam");
    const { exp, iat } = claimsOf(passOf(browser, "long.test"));
    expect(Number(exp) - Number(iat)).toBe(1_800);
  });

  test("an application may let people stay longer than the login serves for others", async () => {
    const browser = openBrowser();
    await logInAs(browser, at("wiki.test"), "ada");
    await browser.open(at("long.test"));
    it.clock.nowMs += 71 * HOUR_MS;
    const page = await browser.open(at("long.test", "/still"));
    expect([page.status, page.trail.length]).toEqual([200, 1]);
    expect(wasAsked((await browser.open(at("blue.sites.test"))).trail)).toBe(true);
  });

  test("a shorter session duration of the organization holds for logins that have begun", async () => {
    const browser = openBrowser();
    await logInAs(browser, at("wiki.test"), "ada");
    await it.api.zeroTrust.organizations.update({ account_id: "acme", session_duration: "15m" });
    it.clock.nowMs += 16 * 60_000;
    expect(wasAsked((await browser.open(at("blue.sites.test"))).trail)).toBe(true);
    await it.api.zeroTrust.organizations.update({ account_id: "acme", session_duration: "24h" });
  });

  test("who is kept out of one application is told so there, and stays logged in", async () => {
    const browser = openBrowser();
    await logInAs(browser, at("wiki.test"), "ada");
    const page = await browser.open(at("board.test"));
    expect([page.status, wasAsked(page.trail)]).toEqual([403, false]);
    expect(page.text).toContain("You have no access to Board");
    expect(passOf(browser, "board.test")).toBe("");
    expect((await browser.open(at("wiki.test"))).status).toBe(200);
    const other = /href="([^"]+)">Use another account/.exec(page.text)?.[1]?.replaceAll("&#38;", "&") ?? "";
    const asked = await browser.open(other);
    expect(asked.text).toContain("Who are you?");
    const ada = passOf(browser, "wiki.test");
    const board = await submitForm(browser, await browser.submit(asked.url, { person: "grace" }));
    expect([board.status, board.url]).toEqual([200, at("board.test")]);
    // Whoever was logged in before in this browser is so no longer.
    expect(await statusWith(at("wiki.test"), ada)).toBe(401);
  });

  test("who sends a form after the login ended is told so, and the link there works in that browser", async () => {
    const browser = openBrowser();
    const page = await browser.submit(at("wiki.test", "/form"), { a: "1" });
    expect([page.status, page.text.includes("Your login has ended")]).toEqual([401, true]);
    const link = /href="([^"]+)">Log in again/.exec(page.text)?.[1]?.replaceAll("&#38;", "&") ?? "";
    expect((await logInAs(browser, link, "ada")).url).toBe(at("wiki.test", "/form"));
  });

  test("no other address of the application can be made the way back", async () => {
    const browser = openBrowser();
    const link = (host: string, path: string) =>
      `${it.url}/cdn-cgi/access/login/${host}?kid=${aud("2")}&redirect_url=${encodeURIComponent(path)}`;
    for (const host of ["evil.example", `wiki.test:${it.port}`, `a.b.sites.test:${it.port}`, `sites.test:${it.port}`]) {
      const page = await browser.open(link(host, "/"));
      expect([page.status, page.trail.length]).toEqual([400, 1]);
    }
    const page = await browser.open(link(`red.sites.test:${it.port}`, "//evil.example/"));
    expect(page.trail.every((url) => /^http:\/\/(?:localhost|red\.sites\.test|127\.0\.0\.1):/.test(url))).toBe(true);
  });
});

describe("logging out", () => {
  test.each(["wiki.test", "localhost"])(
    "at %s ends the login for every application and at the provider",
    async (host) => {
      const browser = openBrowser();
      await logInAs(browser, at("wiki.test"), "ada");
      for (const url of [it.url, at("long.test")]) await browser.open(url);
      const passes = [
        [at("wiki.test"), passOf(browser, "wiki.test")],
        [at("long.test"), passOf(browser, "long.test")],
      ] as const;
      for (const [url, jwt] of passes) expect(await statusWith(url, jwt)).toBe(200);
      const page = await browser.open(at(host, "/cdn-cgi/access/logout"));
      expect(wasAsked(page.trail)).toBe(true);
      const form = /action="([^"]+)".*name="xsrf" value="([^"]+)"/s.exec(page.text);
      const out = await browser.submit(form?.[1] ?? "", { xsrf: form?.[2] ?? "", logout: "yes" });
      expect([out.url.split("?")[0], out.text.includes("You are logged out")]).toEqual([
        `${it.url}/cdn-cgi/access/logout`,
        true,
      ]);
      for (const [url, jwt] of passes) expect(await statusWith(url, jwt)).toBe(401);
      expect(browser.cookie("localhost", "CF_Session")).toBeUndefined();
      expect(passOf(browser, host)).toBe("");
      expect(wasAsked((await browser.open(at("wiki.test"))).trail)).toBe(true);
    },
  );

  test("without a login shows the same page", async () => {
    const page = await openBrowser().open(at("wiki.test", "/cdn-cgi/access/logout"));
    expect([page.status, page.url]).toEqual([200, `${it.url}/cdn-cgi/access/logout`]);
  });
});

describe("the launcher", () => {
  const launcher = () => `${it.url}/cdn-cgi/access/launcher`;

  test("asks who it is, then shows what they may open, and nothing else", async () => {
    const browser = openBrowser();
    const page = await logInAs(browser, launcher(), "ada");
    expect([page.status, page.url]).toEqual([200, launcher()]);
    const links = [...page.text.matchAll(/<li><a href="([^"]+)"/g)].map(([, href]) => href);
    expect(links).toEqual([at("long.test"), `${it.url}/`, at("one.test", "/a"), at("wiki.test")]);
    for (const link of links) expect((await browser.open(link ?? "")).status).toBe(200);
  });

  test("has nothing for somebody whom no policy lets in, and begins no session for them", async () => {
    const browser = openBrowser();
    const page = await logInAs(browser, launcher(), "olive");
    expect([page.status, page.text.includes("There is nothing here for you")]).toEqual([403, true]);
    expect(browser.cookie("localhost", "CF_Session")).toBeUndefined();
  });

  test("is at the issuer's host only", async () => {
    expect((await openBrowser().open(at("wiki.test", "/cdn-cgi/access/launcher"))).status).toBe(404);
  });
});

describe("attacks on the login of all applications", () => {
  test("a session's id, which every application can read in its JWTs, is no login", async () => {
    const browser = openBrowser();
    await logInAs(browser, at("wiki.test"), "ada");
    const nonce = String(claimsOf(passOf(browser, "wiki.test"))["identity_nonce"]);
    for (const value of [
      nonce,
      passOf(browser, "wiki.test"),
      `AAAA${browser.cookie("localhost", "CF_Session")?.slice(4)}`,
    ]) {
      const thief = openBrowser();
      thief.setCookie("localhost", "CF_Session", value);
      expect(wasAsked((await thief.open(at("wiki.test"))).trail)).toBe(true);
    }
  });

  test("a login begun for one host cannot be taken over at another", async () => {
    const browser = openBrowser();
    const page = await logInAs(browser, at("red.sites.test"), "ada");
    const ticket = page.trail.find((url) => url.includes("/authorized")) ?? "";
    const moved = await browser.open(ticket.replace("red.sites", "blue.sites"));
    expect([moved.status, passOf(browser, "blue.sites.test")]).toEqual([400, ""]);
  });

  test("the login is not kept at the hosts of applications", async () => {
    const browser = openBrowser();
    await logInAs(browser, at("wiki.test"), "ada");
    expect(browser.cookieNames("wiki.test").toSorted()).toEqual(["CF_AppSession", "CF_Authorization"]);
  });

  test("logins that pile up unfinished do not fill the browser with cookies", async () => {
    const browser = openBrowser();
    for (let index = 0; index < 30; index += 1) await browser.open(at("wiki.test", `/${index}`));
    const attempts = browser.cookieNames("localhost").filter((name) => name.startsWith("CF_AppSession_"));
    expect(attempts.length).toBeLessThanOrEqual(8);
    const page = await logInAs(browser, at("wiki.test", "/last"), "ada");
    expect(page.url).toBe(at("wiki.test", "/last"));
  });

  test("a long deep link is given up rather than the login", async () => {
    const browser = openBrowser();
    const page = await logInAs(browser, at("wiki.test", `/${"x".repeat(6_000)}`), "ada");
    expect([page.status, page.url]).toEqual([200, at("wiki.test")]);
  });
});

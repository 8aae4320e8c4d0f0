import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Browser, openBrowser } from "../support/browser.ts";
import { forgeToken, strangersKey } from "../support/forged-token.ts";
import { AUD, claimsOf } from "../support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

const aud = (digit: string) => digit.repeat(64);
const policies =
  "policies: [{ name: bots, decision: non_identity, include: [{ any_valid_service_token: {} }] }, { name: company, decision: allow, include: [{ email_domain: { domain: acme.example } }] }]";
const applications = (host: string, origin: string) => {
  const port = host.split(":")[1] ?? "";
  const entry = (name: string, digit: string, domain: string, fields: string) =>
    `  - { name: ${name}, aud: "${aud(digit)}", origin: "${origin}", domain: "${domain.replace("PORT", port)}", ${fields}, ${policies} }`;
  return [
    entry("Strict", "1", "strict.test:PORT", "same_site_cookie_attribute: strict"),
    entry("Open", "2", "open.test:PORT", "same_site_cookie_attribute: none, http_only_cookie_attribute: false"),
    entry("Path", "3", "path.test:PORT/reports", "path_cookie_attribute: true"),
    entry("Parent", "4", "path.test:PORT", "session_duration: 24h"),
    entry("Bound", "5", "bound.test:PORT", "enable_binding_cookie: true"),
  ].join("\n");
};

let it: LoginSetup;
beforeAll(async () => {
  it = await startWithLogin({ applications });
});
afterAll(() => it.close());

const at = (name: string, path = "/") => `http://${name}.test:${it.port}${path}`;
const lineOf = (browser: Browser, name: string) =>
  browser.received.findLast((line) => line.startsWith(`${name}=`)) ?? "";
const attributesOf = (line: string) =>
  line
    .split("; ")
    .slice(1)
    .filter((one) => !one.startsWith("Expires="))
    .join("; ");
const loggedIn = async (url: string) => {
  const browser = openBrowser();
  const page = await logInAs(browser, url, "ada");
  return { browser, page, jwt: browser.cookie(new URL(url).hostname, "CF_Authorization") ?? "" };
};
const ask = (name: string, lines: readonly string[], path = "/") =>
  sendRaw(it.port, rawRequest(path, [`Host: ${name}.test:${it.port}`, ...lines]));
const asPerson = "Accept: text/html";

describe("the pass cookie has the attributes that its application asks for", () => {
  test.each([
    ["open", "Path=/; SameSite=Lax"],
    ["bound", "Path=/; HttpOnly; SameSite=Lax"],
  ])("%s", async (name, attributes) => {
    const { browser } = await loggedIn(at(name));
    expect(attributesOf(lineOf(browser, "CF_Authorization"))).toBe(attributes);
    expect(Date.parse(/Expires=([^;]+)/.exec(lineOf(browser, "CF_Authorization"))?.[1] ?? "")).toBeGreaterThan(
      Date.now(),
    );
  });

  test("and so has a bot's", async () => {
    const lines = Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`);
    expect((await ask("strict", lines)).head).toMatch(
      /set-cookie: CF_Authorization=[^;]+; Expires=[^;]+; Path=\/; HttpOnly; SameSite=Strict\r\n/i,
    );
    expect((await ask("path", lines, "/reports")).head).toContain("Path=/reports; ");
  });

  test("a Strict one is set by a page in between, for a redirect that began elsewhere would not bring it along", async () => {
    const { browser, page } = await loggedIn(at("strict", "/deep?x=1&y=2"));
    expect(attributesOf(lineOf(browser, "CF_Authorization"))).toBe("Path=/; HttpOnly; SameSite=Strict");
    expect([page.status, page.text.includes("You are logged in")]).toEqual([200, true]);
    const next = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(page.text)?.[1]?.replaceAll("&#38;", "&") ?? "";
    expect((await browser.open(next)).url).toBe(at("strict", "/deep?x=1&y=2"));
  });
});

describe("an application on a path, beside one on the whole host", () => {
  test("each has its pass, and the browser that sends both is understood", async () => {
    const { browser } = await loggedIn(at("path", "/reports/week"));
    expect(attributesOf(lineOf(browser, "CF_Authorization"))).toBe("Path=/reports; HttpOnly; SameSite=Lax");
    expect((await browser.open(at("path", "/home"))).url).toBe(at("path", "/home"));
    expect(browser.cookieNames("path.test").filter((name) => name === "CF_Authorization")).toHaveLength(2);
    for (const path of ["/reports/month", "/home2", "/reports"]) {
      const page = await browser.open(at("path", path));
      expect([page.status, page.trail.length]).toEqual([200, 1]);
    }
    expect(claimsOf(it.origin.requests.at(-1)?.values("cf-access-jwt-assertion")[0] ?? "")).toMatchObject({
      aud: [aud("3")],
    });
  });

  test("logging out takes both away", async () => {
    const { browser } = await loggedIn(at("path", "/reports"));
    await browser.open(at("path"));
    await browser.open(at("path", "/cdn-cgi/access/logout"));
    expect(browser.cookieNames("path.test")).toEqual(["CF_AppSession"]);
  });
});

describe("two passes for one application", () => {
  test("a person gets a page that takes them away, and no redirect that might go round in circles", async () => {
    const { jwt } = await loggedIn(it.url);
    const other = (await loggedIn(it.url)).jwt;
    const lines = [`Host: localhost:${it.port}`, `Cookie: CF_Authorization=${jwt}; CF_Authorization=${other}`];
    const answer = await sendRaw(it.port, rawRequest("/", [...lines, asPerson]));
    expect([answer.status, answer.body.includes("Please log in once more")]).toEqual([401, true]);
    expect(answer.head).toMatch(/set-cookie: CF_Authorization=; Expires=Thu, 01 Jan 1970/i);
    const program = await sendRaw(it.port, rawRequest("/", lines));
    expect([program.status, JSON.parse(program.body)]).toMatchObject([401, { reason: "ambiguous_credential" }]);
  });

  test("one of which is for another application: the right one counts", async () => {
    const { jwt } = await loggedIn(it.url);
    const other = (await loggedIn(at("open"))).jwt;
    const answer = await sendRaw(
      it.port,
      rawRequest("/", [
        `Host: localhost:${it.port}`,
        `Cookie: CF_Authorization=${other}; CF_Authorization=${jwt}; CF_Authorization=junk`,
      ]),
    );
    expect(answer.status).toBe(200);
    expect(claimsOf(it.origin.requests.at(-1)?.values("cf-access-jwt-assertion")[0] ?? "")).toMatchObject({
      aud: [AUD],
    });
  });
});

describe("passes that a neighbouring host planted for ours", () => {
  const answerTo = async (cookies: readonly string[], ...lines: string[]) => {
    const cookie = cookies.map((one) => `CF_Authorization=${one}`).join("; ");
    return sendRaw(it.port, rawRequest("/", [`Host: localhost:${it.port}`, `Cookie: ${cookie}`, ...lines]));
  };
  const planted = async () => {
    const { browser, jwt: ended } = await loggedIn(it.url);
    await browser.open(`${it.url}/cdn-cgi/access/logout`);
    const [header = ""] = ended.split(".");
    const known = JSON.parse(Buffer.from(header, "base64url").toString()) as Record<string, unknown>;
    const forged = forgeToken(known, claimsOf(ended), strangersKey());
    return [ended, forged, forgeToken({ alg: "none" }, claimsOf(ended))];
  };

  test("keep nobody out: beside the good one they are as if they were not there", async () => {
    const { jwt } = await loggedIn(it.url);
    const bad = await planted();
    for (const cookies of [
      [jwt, ...bad],
      [...bad, jwt],
      [...bad.slice(1), jwt, "junk", jwt],
    ]) {
      const { status } = await answerTo(cookies);
      expect(status).toBe(200);
      expect(it.origin.requests.at(-1)?.values("cf-access-jwt-assertion")).toEqual([jwt]);
    }
  });

  test("do not keep a person from the login either, nor let anybody in", async () => {
    const bad = await planted();
    for (const cookies of [bad, bad.toReversed(), ["junk", "rubbish"]]) {
      const person = await answerTo(cookies, asPerson);
      expect([person.status, person.head]).toEqual([302, expect.stringContaining("/cdn-cgi/access/login/")]);
      expect((await answerTo(cookies)).status).toBe(401);
    }
  });

  test("do not hide who is logged in, nor keep the session from ending", async () => {
    const { jwt } = await loggedIn(it.url);
    const bad = await planted();
    const own = async (path: string, cookies: readonly string[]) => {
      const cookie = cookies.map((one) => `CF_Authorization=${one}`).join("; ");
      const lines = [`Host: path.test:${it.port}`, `Cookie: ${cookie}`];
      return JSON.parse((await sendRaw(it.port, rawRequest(`/cdn-cgi/access/${path}`, lines))).body) as unknown;
    };
    expect(await own("get-identity", [...bad, jwt])).toMatchObject({ email: "ada@acme.example" });
    const { jwt: foreign } = await loggedIn(it.url);
    expect(await own("get-identity", [foreign, jwt])).toMatchObject({ reason: "ambiguous_credential" });
    expect(await own("logout", [...bad, jwt])).toEqual({ logged_out: true });
    expect((await answerTo([jwt])).status).toBe(401);
  });

  test("are refused when there are too many to look at, or when one is as good as ours", async () => {
    const [bad, { jwt }, { jwt: other }] = [await planted(), await loggedIn(it.url), await loggedIn(it.url)];
    const another = forgeToken({ alg: "none" }, { ...claimsOf(jwt), more: 1 });
    for (const cookies of [
      [jwt, ...bad, another],
      [jwt, other],
      [...bad.slice(1), other, jwt],
    ]) {
      const { status, body } = await answerTo(cookies);
      expect([status, JSON.parse(body)]).toMatchObject([401, { reason: "ambiguous_credential" }]);
    }
  });
});

describe("a pass with a binding", () => {
  test("counts with its binding only, which no script, no origin and no other session has", async () => {
    const { browser, page, jwt } = await loggedIn(at("bound"));
    expect(page.status).toBe(200);
    expect(attributesOf(lineOf(browser, "CF_Binding"))).toBe("Path=/; HttpOnly; SameSite=Lax");
    expect(it.origin.requests.at(-1)?.values("cookie").join()).not.toContain("Binding");
    const binding = browser.cookie("bound.test", "CF_Binding");
    const foreign = (await loggedIn(at("bound"))).browser.cookie("bound.test", "CF_Binding");
    const statusWith = async (cookie: string) => (await ask("bound", [`Cookie: ${cookie}`])).status;
    const pass = `CF_Authorization=${jwt}`;
    expect(await statusWith(`${pass}; CF_Binding=${binding}`)).toBe(200);
    for (const cookie of [pass, `${pass}; CF_Binding=`, `${pass}; CF_Binding=x`, `${pass}; CF_Binding=${foreign}`]) {
      expect(await statusWith(cookie)).toBe(401);
    }
    expect((await ask("bound", [`cf-access-token: ${jwt}`])).status).toBe(401);
  });

  test("a person without it logs in again without being asked", async () => {
    const { browser } = await loggedIn(at("bound"));
    browser.setCookie("bound.test", "CF_Binding", "stale");
    const page = await browser.open(at("bound", "/again"));
    expect([page.status, page.url]).toEqual([200, at("bound", "/again")]);
  });

  test("a bot's JWT is bound to its secret instead", async () => {
    const lines = Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`);
    const jwt = /CF_Authorization=([^;]+)/.exec((await ask("bound", lines)).head)?.[1] ?? "";
    expect((await ask("bound", [`Cookie: CF_Authorization=${jwt}`])).status).toBe(200);
  });
});

test("with TLS in front our own cookies carry the prefix that no other host can forge, and all are Secure", async () => {
  const issuer = "https://access.acme.example";
  const secure = await startWithLogin({
    config: { issuer },
    applications: (host, origin) =>
      `  - { name: Issuer, aud: "${aud("9")}", origin: "${origin}", domain: access.acme.example, ${policies} }\n${applications(host, origin)}`,
  });
  const start = `/cdn-cgi/access/login/access.acme.example?kid=${aud("9")}&redirect_url=%2F`;
  const answer = await sendRaw(secure.port, rawRequest(start, ["Host: access.acme.example", asPerson]));
  expect(answer.head).toMatch(
    /set-cookie: __Host-CF_AppSession_[\w-]{12}=[^;]+; Expires=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure\r\n/i,
  );
  const open = await sendRaw(secure.port, rawRequest("/", [`Host: open.test:${secure.port}`, asPerson]));
  for (const name of ["CF_AppSession", "__Host-CF_AppSession"]) {
    expect(open.head).toMatch(
      new RegExp(`set-cookie: ${name}=[0-9a-f]{32}; Expires=[^;]+; Path=/; HttpOnly; SameSite=Lax; Secure\r\n`, "i"),
    );
  }
  const bot = Object.entries(secure.pair).map(([name, value]) => `${name}: ${value}`);
  const exchanged = await sendRaw(
    secure.port,
    rawRequest("/", [`Host: open.test:${secure.port}`, ...bot, "Cookie: __Host-CF_Session=evil; a=b"]),
  );
  expect(exchanged.head).toMatch(
    /set-cookie: CF_Authorization=[^;]+; Expires=[^;]+; Path=\/; SameSite=None; Secure\r\n/i,
  );
  expect(secure.origin.requests.at(-1)?.values("cookie")).toEqual(["a=b"]);
  await secure.close();
});

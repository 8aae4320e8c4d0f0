import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { AUD, OTHER_AUD } from "../support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

let it: LoginSetup;
beforeAll(async () => {
  it = await startWithLogin({
    applications: (host, origin) => `
  - name: Other
    aud: ${OTHER_AUD}
    domain: other.test:${host.split(":")[1]}
    origin: ${origin}
    policies:
      - { name: company, decision: allow, include: [{ email_domain: { domain: acme.example } }] }`,
  });
});
afterAll(() => it.close());

/** Pieces that redirects, parsers and decoders have tripped over, and anything else. */
const piece = fc.oneof(
  fc.constantFrom("/", "//", "\\", "/\\", "\t", "@", ":", "#", "?", "&", "%", "%0d%0a", "%2f", "%5c", "%00", "..", ";"),
  fc.constantFrom(
    "evil.example",
    "https:",
    "javascript:alert(1)",
    "localhost",
    "other.test",
    AUD,
    OTHER_AUD,
    "<script>",
  ),
  fc.string({ maxLength: 8 }),
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
const paths = fc.constantFrom(
  "login",
  "login/",
  "login/localhost",
  "login/other.test",
  "callback",
  "authorized",
  "logout",
  "launcher",
  "get-identity",
);
const parameters = fc.array(
  fc.tuple(
    fc.constantFrom(
      "kid",
      "redirect_url",
      "binding",
      "idp",
      "prompt",
      "state",
      "code",
      "ticket",
      "iss",
      "error",
      "returnTo",
    ),
    text,
  ),
  { maxLength: 5 },
);
const cookies = fc.array(
  fc.tuple(
    fc.constantFrom("CF_Authorization", "CF_Session", "CF_AppSession", "CF_Binding", "CF_AppSession_aaaaaaaaaaaa"),
    text,
  ),
  { maxLength: 4 },
);
const hosts = fc.constantFrom("localhost", "other.test");

const printable = (value: string) => value.replace(/[^\x20-\x7e]|;/g, "_");
const ours = (location: string) => {
  const { hostname, protocol } = new URL(location, it.url);
  return protocol === "http:" && ["localhost", "other.test", "127.0.0.1"].includes(hostname);
};

describe("whatever is sent to the login", () => {
  test("is answered, leads to our own hosts or the provider, and opens nothing", async () => {
    await fc.assert(
      fc.asyncProperty(hosts, paths, parameters, cookies, fc.boolean(), async (host, path, query, jar, isPerson) => {
        const target = `/cdn-cgi/access/${path}?${new URLSearchParams(query)}`;
        const lines = [`Host: ${host}:${it.port}`, ...(isPerson ? ["Accept: text/html"] : [])];
        if (jar.length > 0)
          lines.push(`Cookie: ${jar.map(([name, value]) => `${name}=${printable(value)}`).join("; ")}`);
        const { status, head, body } = await sendRaw(it.port, rawRequest(target, lines));
        expect([200, 302, 400, 401, 403, 404]).toContain(status);
        const location = /^location: (.*)$/im.exec(head)?.[1]?.trim();
        if (location !== undefined) expect([location, ours(location)]).toEqual([location, true]);
        expect(head).not.toMatch(/^set-cookie: (?:CF_Authorization|CF_Session|CF_Binding)=[^;]/im);
        expect(body).not.toContain("<script>");
        expect(it.origin.requests).toHaveLength(0);
      }),
      { numRuns: 300 },
    );
  });

  test("comes back, after a login, into the application or to its first page", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (asked) => {
        const browser = openBrowser();
        const query = new URLSearchParams({ kid: AUD, redirect_url: asked });
        const page = await logInAs(browser, `${it.url}/cdn-cgi/access/login/localhost:${it.port}?${query}`, "ada");
        expect(new URL(page.url).origin).toBe(it.url);
        expect(new URL(page.url).pathname).not.toMatch(/^\/cdn-cgi\/access\//);
      }),
      { numRuns: 30 },
    );
  });
});

describe("session fixation", () => {
  test("what a browser brought along is worth nothing after its login", async () => {
    const attacker = openBrowser();
    await logInAs(attacker, it.url, "grace");
    const victim = openBrowser();
    for (const name of ["CF_Session", "CF_Authorization"]) {
      victim.setCookie("localhost", name, attacker.cookie("localhost", name) ?? "");
    }
    const page = await victim.open(`${it.url}/cdn-cgi/access/login/localhost:${it.port}?kid=${AUD}&prompt=login`);
    await victim.submit(page.url, { person: "ada" });
    for (const name of ["CF_Session", "CF_Authorization"]) {
      expect(victim.cookie("localhost", name)).not.toBe(attacker.cookie("localhost", name));
    }
    const identity = async (browser: ReturnType<typeof openBrowser>) =>
      JSON.parse((await browser.open(`${it.url}/cdn-cgi/access/get-identity`)).text) as { email?: string };
    expect((await identity(victim)).email).toBe("ada@acme.example");
    expect((await identity(attacker)).email).toBeUndefined();
  });

  test("a secret planted at an application's host gives its planter no ticket that works twice, or elsewhere", async () => {
    const planted = "ab".repeat(16);
    const victim = openBrowser();
    victim.setCookie("other.test", "CF_AppSession", planted);
    const page = await logInAs(victim, `http://other.test:${it.port}/`, "ada");
    expect(page.status).toBe(200);
    const ticket = page.trail.find((url) => url.includes("/authorized")) ?? "";
    const thief = openBrowser();
    thief.setCookie("other.test", "CF_AppSession", planted);
    expect([(await thief.open(ticket)).status, thief.cookie("other.test", "CF_Authorization")]).toEqual([
      400,
      undefined,
    ]);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Browser, openBrowser, type Page } from "../support/browser.ts";
import { AUD, claimsOf, startGateway, type TestGateway } from "../support/gateway.ts";
import { type Script, type ScriptedProvider, startScriptedProvider } from "../support/scripted-provider.ts";

let it: TestGateway;
let provider: ScriptedProvider;
beforeAll(async () => {
  provider = await startScriptedProvider();
  it = await startGateway({ identityProvider: provider.client });
});
afterEach(async () => {
  provider.play({});
});
afterAll(async () => {
  await it.close();
  await provider.close();
});

async function logIn(script: Script = {}): Promise<{ page: Page; browser: Browser; jwt: string | undefined }> {
  provider.play(script);
  const browser = openBrowser();
  const page = await browser.open(`${it.url}/reports`);
  return { page, browser, jwt: browser.cookie("localhost", "CF_Authorization") };
}

const expectPage = async (script: Script, status: number, title: string) => {
  // A gateway that knows nothing of its provider yet.
  await it.restart();
  const { page, browser, jwt } = await logIn(script);
  expect([page.status, page.text]).toEqual([status, expect.stringContaining(`<h1>${title}</h1>`)]);
  expect(page.headers["content-type"]).toContain("text/html");
  expect([jwt, browser.cookie("localhost", "CF_Session")]).toEqual([undefined, undefined]);
  return page;
};

const BAD = "The login did not work";
const NO_EMAIL = "Your account has no verified e-mail address".replaceAll("'", "&#39;");
const GONE = "The identity provider does not answer";

test("the good one lets Ada in", async () => {
  const { page, jwt } = await logIn();
  expect([page.status, page.url]).toEqual([200, `${it.url}/reports`]);
  expect(claimsOf(jwt ?? "")).toMatchObject({ aud: [AUD], email: "ada@acme.example" });
});

describe("an identity provider that lies lets nobody in", () => {
  test.each<[string, Script]>([
    ["signed by a key that is not its own", { signWith: "another key" }],
    ["not signed", { signWith: "nothing" }],
    ["with another issuer", { claims: { iss: "https://evil.example" } }],
    ["for another client", { claims: { aud: "another" } }],
    ["for several clients, by another", { claims: { aud: ["gateway", "another"], azp: "another" } }],
    ["with another login's nonce", { claims: { nonce: "n".repeat(43) } }],
    ["without a nonce", { claims: { nonce: undefined } }],
    ["without a subject", { claims: { sub: undefined } }],
    ["that has expired", { claims: { exp: 1_600_000_000 } }],
  ])("id_token %s", async (_, script) => {
    await expectPage(script, 502, BAD);
  });

  test("a discovery document of another issuer", async () => {
    await expectPage({ discovery: { issuer: "https://evil.example" } }, 502, GONE);
  });

  test("a way back that another provider sent", async () => {
    await expectPage(
      {
        discovery: { authorization_response_iss_parameter_supported: true },
        callback: { iss: "https://evil.example" },
      },
      502,
      BAD,
    );
  });

  test("a state that is not this browser's", async () => {
    await expectPage({ callback: { state: "s".repeat(43) } }, 400, "This login is no longer good");
  });

  test("a userinfo about somebody else", async () => {
    await expectPage({ claims: { email: undefined }, userinfo: { sub: "2", email: "ada@acme.example" } }, 502, BAD);
  });

  test("a no is told as a no", async () => {
    await expectPage({ callback: { error: "access_denied", code: "" } }, 403, "You were not logged in");
  });
});

describe("who has no e-mail address that counts is told so, and not let in", () => {
  test.each<[string, unknown, unknown]>([
    ["none at all", undefined, undefined],
    ["an empty one", "", true],
    ["one that is not verified", "ada@acme.example", false],
    ["one that is not verified, in text", "ada@acme.example", "false"],
    ["a number", 7, true],
    ["a list", ["ada@acme.example"], true],
    ["two @", "ada@evil.example@acme.example", true],
    ["a line break, for the header", "ada@acme.example\r\nX-Evil: 1", true],
    ["a character that headers cannot carry", "ädä@acme.example", true],
    ["a domain that looks like ours", "ada@аcme.example", true],
    ["a long one", `${"a".repeat(300)}@acme.example`, true],
  ])("%s", async (_, email, email_verified) => {
    await expectPage({ claims: { email, email_verified } }, 403, NO_EMAIL);
  });

  test("an upper-case one is the same person, in lower case", async () => {
    const { page, jwt } = await logIn({ claims: { email: "Ada@ACME.example" } });
    expect([page.status, claimsOf(jwt ?? "")["email"]]).toEqual([200, "ada@acme.example"]);
  });

  test("it may stand at the userinfo endpoint", async () => {
    const { page } = await logIn({ claims: { email: undefined }, userinfo: { email: "ada@acme.example" } });
    expect(page.status).toBe(200);
  });
});

describe("an identity provider that is broken", () => {
  const over = (path: string, act: NonNullable<Script["takeOver"]>): Script => ({
    takeOver: (asked, response) => asked === path && act(asked, response),
  });
  const send = (status: number, body: string, type = "application/json"): NonNullable<Script["takeOver"]> => {
    return (_, response) => {
      response.writeHead(status, { "content-type": type }).end(body);
      return true;
    };
  };
  const endless: NonNullable<Script["takeOver"]> = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"a":"');
    const chunk = "x".repeat(64 * 1_024);
    const timer = setInterval(() => response.write(chunk), 1);
    response.once("close", () => clearInterval(timer));
    return true;
  };

  test.each<[string, Script, string]>([
    ["discovery is a 500", over("/.well-known/openid-configuration", send(500, "{}")), GONE],
    ["discovery is HTML", over("/.well-known/openid-configuration", send(200, "<p>hi", "text/html")), GONE],
    ["discovery never ends", over("/.well-known/openid-configuration", endless), GONE],
    ["the token endpoint is a 500", over("/token", send(500, "oops", "text/plain")), BAD],
    ["the token endpoint refuses our client", over("/token", send(401, '{"error":"invalid_client"}')), BAD],
    [
      "the token endpoint redirects",
      over("/token", (_, response) => Boolean(response.writeHead(302, { location: "https://evil.example/" }).end())),
      BAD,
    ],
    ["the token answer never ends", over("/token", endless), BAD],
    ["the key set is not one", over("/jwks", send(200, "[]")), BAD],
    ["the connection breaks", over("/token", (_, response) => Boolean(response.destroy())), GONE],
  ])("%s", async (_, script, title) => {
    const page = await expectPage(script, 502, title);
    expect(page.text).toContain("Try again");
  });

  test("does not answer at all: it is waited for, but not for long", async () => {
    await expectPage(
      over("/.well-known/openid-configuration", () => true),
      502,
      GONE,
    );
  });

  test("is asked again by the next login, which works", async () => {
    await expectPage(over("/.well-known/openid-configuration", send(500, "{}")), 502, GONE);
    expect((await logIn()).page.status).toBe(200);
  });

  test("what it remembers of itself is read again after an hour, and serves on while that fails", async () => {
    await logIn();
    const { length } = provider.requests;
    await logIn();
    expect(provider.requests.slice(length)).not.toContain("/.well-known/openid-configuration");
    it.clock.nowMs += 2 * 3_600_000;
    expect((await logIn(over("/.well-known/openid-configuration", send(500, "{}")))).page.status).toBe(200);
  });
});

test("claims of any size do not break the cookie: what is too long stays out of the JWT, and the rest is kept", async () => {
  const groups = Array.from({ length: 200 }, () => crypto.randomUUID());
  const { page, jwt = "" } = await logIn({ claims: { groups, amr: ["mfa"], name: "A".repeat(5_000) } });
  expect(page.status).toBe(200);
  expect(jwt.length).toBeLessThan(3_800);
  const identity = await fetch(`${it.url}/cdn-cgi/access/get-identity`, { headers: { "cf-access-token": jwt } });
  expect(await identity.json()).toMatchObject({ groups, amr: ["mfa"] });
  const huge = await logIn({ claims: { groups: Array.from({ length: 5_000 }, () => crypto.randomUUID()) } });
  expect(huge.page.status).toBe(200);
  expect(it.logs.join("")).toContain('"omittedClaims":["groups"]');
});

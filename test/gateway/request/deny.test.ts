import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { logInAs, startWithLogin } from "../support/login.ts";

let it: TestGateway;
afterEach(() => it.close());

const BOTS_ONLY = `
      - { name: bots, decision: non_identity, include: [{ any_valid_service_token: {} }] }`;
const ELSEWHERE = `
      - { name: other company, decision: allow, include: [{ email_domain: { domain: other.example } }] }`;

/** As a browser opens an address, without following. */
async function open(headers: Record<string, string> = {}, method = "GET") {
  const page = { accept: "text/html", "sec-fetch-mode": "navigate", ...headers };
  const [response] = (await once(request(it.url, { method, headers: page }).end(), "response")) as [IncomingMessage];
  return { status: response.statusCode, location: response.headers.location, body: await text(response) };
}

describe("a browser where no login could help", () => {
  test("gets 403 and a page, or 401 where the application asks for that", async () => {
    it = await startGateway({ policies: BOTS_ONLY });
    expect(await open()).toMatchObject({ status: 403, body: expect.stringContaining("You have no access to Stats") });
    await it.close();
    it = await startGateway({ policies: BOTS_ONLY, fields: "    service_auth_401_redirect: true" });
    expect((await open()).status).toBe(401);
  });

  test("reads, where no application is, that it may have the wrong address", async () => {
    it = await startGateway({ policies: BOTS_ONLY });
    const elsewhere = await open({ host: `127.0.0.1:${it.port}` });
    expect(elsewhere).toMatchObject({ status: 403, body: expect.stringContaining("Nothing is at this address") });
  });

  test("is sent to custom_non_identity_deny_url; a program and a form are not", async () => {
    const url = "https://help.example/bots";
    const fields = `    custom_non_identity_deny_url: ${url}\n    custom_deny_url: https://help.example/people`;
    it = await startGateway({ policies: BOTS_ONLY, fields });
    expect(await open()).toMatchObject({ status: 302, location: url });
    expect(await open({}, "POST")).toMatchObject({ status: 403, location: undefined });
    expect((await fetch(it.url, { headers: { accept: "application/json" }, redirect: "manual" })).status).toBe(401);
    const wrong = { ...it.pair, "CF-Access-Client-Secret": "x" };
    expect((await fetch(it.url, { headers: wrong, redirect: "manual" })).status).toBe(401);
  });

  test("reads the application's own words", async () => {
    it = await startGateway({ policies: BOTS_ONLY, fields: "    custom_deny_message: <b>Ask Jo</b> for access" });
    const { body } = await open();
    expect(body).toContain("&#60;b&#62;Ask Jo&#60;/b&#62; for access");
    expect(body).not.toContain("<b>Ask Jo");
  });
});

describe("a person whom no policy lets in", () => {
  test("is sent to custom_deny_url after the login", async () => {
    it = await startWithLogin({ policies: ELSEWHERE, fields: "    custom_deny_url: http://127.0.0.1:1/denied" });
    const browser = openBrowser();
    const denied = await logInAs(browser, it.url, "ada").catch((error: Error) => error);
    expect(denied).toMatchObject({ code: "ECONNREFUSED", port: 1 });
  });

  test("reads the application's own words, and who they are", async () => {
    it = await startWithLogin({ policies: ELSEWHERE, fields: "    custom_deny_message: Ask Jo for access." });
    const page = await logInAs(openBrowser(), it.url, "ada");
    expect(page.status).toBe(403);
    expect(page.text).toContain("Ask Jo for access.");
  });
});

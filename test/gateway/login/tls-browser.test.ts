import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../../support/requirements.ts";
import { createAuthority } from "../support/certificates.ts";
import { forgeToken, strangersKey } from "../support/forged-token.ts";
import { freePort, startGateway, type TestGateway } from "../support/gateway.ts";
import { type ScriptedProvider, startScriptedProvider } from "../support/scripted-provider.ts";

const aud = (digit: string) => digit.repeat(64);

describe.skipIf(chromiumPath === undefined)("over TLS, in a real browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-login-tls-"));
  let it: TestGateway;
  let provider: ScriptedProvider;
  let browser: Browser;
  beforeAll(async () => {
    const { cert, key } = createAuthority().issue([["CN", "localhost"]]);
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const port = await freePort();
    provider = await startScriptedProvider();
    it = await startGateway({
      port,
      identityProvider: provider.client,
      config: {
        issuer: `https://localhost:${port}`,
        tls: { certFile: file("cert.pem", cert), keyFile: file("key.pem", key), clientCaFile: null },
      },
      applications: (host, origin) =>
        ["none", "strict"]
          .map(
            (sameSite, index) =>
              `  - { name: ${sameSite}, aud: "${aud(String(index))}", origin: "${origin}", domain: "${sameSite}.test:${host.split(":")[1]}", same_site_cookie_attribute: ${sameSite}, enable_binding_cookie: true, policies: [{ name: company, decision: allow, include: [{ email_domain: { domain: acme.example } }] }] }`,
          )
          .join("\n"),
    });
    it.origin.answerWith((request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(`<title>The app at ${request.url}</title>`);
    });
    browser = await chromium.launch({
      executablePath: chromiumPath ?? "",
      args: ["--no-sandbox", "--host-resolver-rules=MAP *.test 127.0.0.1"],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await it?.close();
    await provider?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("every cookie is taken by the browser with its prefix and attributes, and taken away again", async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    for (const host of ["strict.test", "none.test", "localhost"]) {
      await page.goto(`https://${host}:${it.port}/deep?x=1`);
      await page.waitForURL(`https://${host}:${it.port}/deep?x=1`);
      await expect.poll(() => page.title()).toBe("The app at /deep?x=1");
    }
    const kept = async () =>
      (await context.cookies()).map(({ name, domain, sameSite, secure, httpOnly }) => {
        return [domain, name, sameSite, secure && httpOnly].join(" ");
      });
    expect((await kept()).toSorted()).toEqual([
      "localhost CF_Authorization Lax true",
      "localhost __Host-CF_Session Lax true",
      "none.test CF_AppSession Lax true",
      "none.test CF_Authorization None true",
      "none.test CF_Binding None true",
      "none.test __Host-CF_AppSession Lax true",
      "strict.test CF_AppSession Lax true",
      "strict.test CF_Authorization Strict true",
      "strict.test CF_Binding Strict true",
      "strict.test __Host-CF_AppSession Lax true",
    ]);
    await page.goto(`https://none.test:${it.port}/cdn-cgi/access/logout`);
    await page.getByRole("heading", { name: "You are logged out" }).waitFor();
    const left = await kept();
    expect(left.some((cookie) => cookie.includes("none.test CF_Auth") || cookie.includes("CF_Session"))).toBe(false);
  });

  test("a neighbouring host's cookies, set for the whole domain, keep nobody from logging in nor from staying", async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const plant = (...cookies: readonly (readonly [string, string])[]) =>
      context.addCookies(
        cookies.map(([name, value]) => ({
          name,
          value,
          domain: ".none.test",
          path: "/",
          secure: true,
          httpOnly: true,
        })),
      );
    const ended = forgeToken({ alg: "RS256" }, { aud: aud("0") }, strangersKey());
    await plant(["CF_AppSession", "ab".repeat(16)], ["CF_Authorization", ended], ["CF_Binding", "x"]);
    await page.goto(`https://none.test:${it.port}/first`);
    await expect.poll(() => page.title()).toBe("The app at /first");
    await plant(["CF_Authorization", "junk"]);
    await page.goto(`https://none.test:${it.port}/second`);
    await expect.poll(() => page.title()).toBe("The app at /second");
    expect((await context.cookies()).filter(({ name }) => name === "CF_Authorization")).toHaveLength(2);
  });
});

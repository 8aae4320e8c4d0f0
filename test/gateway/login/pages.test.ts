import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../../support/requirements.ts";
import { type LoginSetup, startWithLogin } from "../support/login.ts";

const aud = (digit: string) => digit.repeat(64);
const policies =
  "policies: [{ name: company, decision: allow, include: [{ email_domain: { domain: acme.example } }] }]";

describe.skipIf(chromiumPath === undefined)("the login in a real browser", () => {
  let it: LoginSetup;
  let browser: Browser;
  beforeAll(async () => {
    it = await startWithLogin({
      applications: (host, origin) => {
        const port = host.split(":")[1];
        const entry = (name: string, digit: string, domain: string, fields: string) =>
          `  - { name: ${name}, aud: "${aud(digit)}", origin: "${origin}", domain: "${domain}:${port}", ${fields}, ${policies} }`;
        return [
          entry("Wiki", "1", "wiki.test", "enable_binding_cookie: true"),
          entry("Vault", "2", "vault.test", "same_site_cookie_attribute: strict"),
        ].join("\n");
      },
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
  });

  const at = (name: string, path = "/") => `http://${name}.test:${it.port}${path}`;
  /** A page of a new browser, and what it complained about. */
  async function openPage(): Promise<{ page: Page; complaints: string[] }> {
    const page = await (await browser.newContext()).newPage();
    const complaints: string[] = [];
    const isOurs = (url: string) => !url.startsWith(it.provider.issuer);
    page.on("console", (message) => {
      if (message.type() === "error" && isOurs(message.location().url)) complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (request.url().includes("favicon") && isOurs(request.url())) complaints.push(request.url());
    });
    return { page, complaints };
  }
  const logIn = (page: Page, name: string) => page.getByRole("button", { name }).click();

  test("one login opens applications on other hosts, the strict one too, and one logout closes them all", async () => {
    const { page, complaints } = await openPage();
    await page.goto(at("vault", "/deep?x=1"));
    await logIn(page, "Ada Okafor");
    await page.waitForURL(at("vault", "/deep?x=1"));
    await expect.poll(() => page.title()).toBe("The app at /deep?x=1");
    await page.goto(at("wiki", "/page"));
    expect(await page.title()).toBe("The app at /page");
    await page.goto(`${it.url}/reports`);
    expect(await page.title()).toBe("The app at /reports");
    expect(complaints).toEqual([]);
    await page.goto(at("wiki", "/cdn-cgi/access/logout"));
    await page.getByRole("heading", { name: "You are logged out" }).waitFor();
    for (const url of [at("vault"), at("wiki"), it.url]) {
      await page.goto(url);
      await page.getByRole("heading", { name: "Who are you?" }).waitFor();
    }
  });

  test("the launcher leads to each application, by keyboard too", async () => {
    const { page, complaints } = await openPage();
    await page.goto(`${it.url}/cdn-cgi/access/launcher`);
    await logIn(page, "Grace Lindqvist");
    await page.waitForURL("**/cdn-cgi/access/launcher");
    expect(await page.getByRole("listitem").count()).toBe(3);
    expect(await page.locator("header").textContent()).toContain("grace@acme.example");
    expect(complaints).toEqual([]);
    await page.getByRole("link", { name: "Vault" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(at("vault"));
    await page.goBack();
    await page.getByRole("link", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "You are logged out" }).waitFor();
  });

  test("no page is wider than a small screen", async () => {
    const { page } = await openPage();
    await page.setViewportSize({ width: 320, height: 600 });
    await page.goto(`${it.url}/cdn-cgi/access/launcher`);
    await logIn(page, "Sam Rivera");
    for (const path of ["launcher", "nowhere", "login/evil.example?kid=x"]) {
      await page.goto(`${it.url}/cdn-cgi/access/${path}`);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
    }
  });
});

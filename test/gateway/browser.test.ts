import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../support/requirements.ts";
import { type LoginSetup, startWithLogin } from "./support/login.ts";

describe.skipIf(chromiumPath === undefined)("in a real browser", () => {
  let it: LoginSetup;
  let browser: Browser;
  beforeAll(async () => {
    it = await startWithLogin();
    it.origin.answerWith((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<title>The app</title>");
    });
    browser = await chromium.launch({ executablePath: chromiumPath ?? "", args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });

  test("a person is refused as one, let in as another, logs out, and is asked again", async () => {
    const page = await browser.newPage();
    await page.goto(`${it.url}/reports?x=1`);
    await page.getByRole("button", { name: "Olive Byrne" }).click();
    await page.getByRole("heading", { name: "You have no access to Stats" }).waitFor();
    await page.getByRole("link", { name: "Use another account" }).click();
    await page.getByRole("button", { name: "Ada Okafor" }).click();
    await page.waitForURL(`${it.url}/reports?x=1`);
    expect(await page.title()).toBe("The app");
    expect(await page.evaluate("document.cookie")).toBe("");
    await page.goto(`${it.url}/cdn-cgi/access/logout`);
    await page.getByRole("heading", { name: "You are logged out" }).waitFor();
    await page.getByRole("link", { name: "Log in again" }).click();
    await page.getByRole("heading", { name: "Who are you?" }).waitFor();
  });
});

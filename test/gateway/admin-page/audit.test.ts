import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../../support/requirements.ts";
import { type AdminBrowser, startAdminBrowser } from "./support/admin-browser.ts";

describe.skipIf(chromiumPath === undefined)("the audit log on the admin page", () => {
  let admin: AdminBrowser;
  beforeAll(async () => {
    admin = await startAdminBrowser();
  });
  afterAll(() => admin?.close());
  afterEach(() => admin.closePages());

  const refuse = (clientId: string) =>
    fetch(admin.it.url, { headers: { "CF-Access-Client-Id": clientId, "CF-Access-Client-Secret": "cfast_wrong" } });

  const lineWith = (page: Page, words: string) => page.locator(".audit-line summary").filter({ hasText: words });

  test("follows live: a refusal appears by itself, once, with its reason in words", async () => {
    const page = await admin.open("/audit");
    await page.getByRole("switch", { name: "Follow live" }).click();
    await page.getByRole("switch", { name: "Live" }).waitFor();
    const lines = page.locator(".audit-line").filter({ hasText: "The secret is wrong" });
    expect(await lines.count()).toBe(0);
    await refuse(admin.it.token.clientId);
    await expect.poll(() => lines.count(), { timeout: 10_000 }).toBe(1);
    expect(await lines.first().textContent()).toContain("stats bot");
    await lines.first().locator("summary").press("Enter");
    await lines.getByText("service_token_secret_mismatch").waitFor();
    await page.getByRole("switch", { name: "Live" }).press("Space");
    await admin.it.gateway.tokens.create({ name: "after the end of the tail" });
    await page.getByRole("switch", { name: "Follow live" }).press("Space");
    await lineWith(page, "after the end of the tail").waitFor();
    expect(await lines.count()).toBe(1);
    expect(admin.complaints).toEqual([]);
  });

  test("narrows by kind, reason and text, keeps that in the address, and exports just that", async () => {
    await refuse("0123.access");
    const page = await admin.open("/audit");
    await lineWith(page, "No service token has this Client ID").first().waitFor();
    await page.getByLabel("Kind").selectOption("change");
    await lineWith(page, "Service token created").first().waitFor();
    expect(await lineWith(page, "No service token has this Client ID").count()).toBe(0);
    await page.getByLabel("Kind").selectOption("");
    await page.getByLabel("Reason").selectOption("service_token_unknown");
    await page.getByLabel("Outcome").selectOption("false");
    await page.reload();
    await lineWith(page, "No service token has this Client ID").first().waitFor();
    expect(await lineWith(page, "Service token created").count()).toBe(0);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export NDJSON" }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const exported = Buffer.concat(chunks).toString("utf8").trim().split("\n");
    const reasons = exported.map((line) => (JSON.parse(line) as { reason: string }).reason);
    expect(new Set(reasons)).toEqual(new Set(["service_token_unknown"]));
    expect(download.suggestedFilename()).toBe("audit.ndjson");
    await page.keyboard.press("/");
    await page.keyboard.type("nothing has these words");
    await page.getByText("No line matches").waitFor();
    await page.getByLabel("Who").fill("nobody@acme.example");
    await expect.poll(() => page.url()).toContain("actor=nobody");
    await page.getByRole("button", { name: "Clear the filters" }).click();
    expect(await page.getByRole("searchbox").inputValue()).toBe("");
    expect(await page.getByLabel("Who").inputValue()).toBe("");
    await lineWith(page, "Service token created").first().waitFor();
    expect(admin.complaints).toEqual([]);
  });

  test("brings older lines on demand", async () => {
    for (let index = 0; index < 60; index += 1) await admin.it.gateway.tokens.create({ name: `line ${index}` });
    const page = await admin.open("/audit?search=line");
    await expect.poll(() => page.locator(".audit-line").count()).toBe(50);
    await page.getByRole("button", { name: "Load older lines" }).click();
    await expect.poll(() => page.locator(".audit-line").count()).toBe(60);
    expect(await page.getByRole("button", { name: "Load older lines" }).count()).toBe(0);
  });
});

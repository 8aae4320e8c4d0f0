import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../../support/requirements.ts";
import { type Browser, openBrowser } from "../support/browser.ts";
import { logInAs, startWithLogin } from "../support/login.ts";
import { type AdminBrowser, openAdminBrowser } from "./support/admin-browser.ts";

describe.skipIf(chromiumPath === undefined)("people and settings on the admin page", () => {
  let admin: AdminBrowser;
  beforeAll(async () => {
    admin = await openAdminBrowser(await startWithLogin({ admin: true }));
  });
  afterAll(() => admin?.close());
  afterEach(() => admin.closePages());

  test("shows who is logged in, ends one session, and revokes a person", async () => {
    const { it } = admin;
    const [laptop, phone] = [openBrowser(), openBrowser()];
    for (const browser of [laptop, phone]) await logInAs(browser, `${it.url}/`, "ada");
    const isLetIn = async (browser: Browser) => {
      const headers = { cookie: `CF_Authorization=${browser.cookie("localhost", "CF_Authorization")}` };
      return (await fetch(it.url, { headers, redirect: "manual" })).status === 200;
    };
    expect([await isLetIn(laptop), await isLetIn(phone)]).toEqual([true, true]);
    const page = await admin.open("/people");
    await page.getByText("2 sessions").waitFor();
    await page.getByRole("link", { name: /Ada/ }).click();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(2);
    await page.getByRole("button", { name: "End the session from 127.0.0.1" }).first().click();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
    expect([await isLetIn(laptop), await isLetIn(phone)].filter(Boolean)).toHaveLength(1);
    await page.getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("Not logged in at the moment.").waitFor();
    expect([await isLetIn(laptop), await isLetIn(phone)]).toEqual([false, false]);
    await page.getByRole("link", { name: "What happened" }).click();
    await page.locator(".audit-line summary").filter({ hasText: "Person revoked" }).waitFor();
    expect(admin.complaints).toEqual([]);
  });

  test("rotates the signing key, and sets how often that happens", async () => {
    const page = await admin.open("/settings");
    await page.getByText("(every 42 days)").waitFor();
    await page.getByRole("button", { name: "Rotate now" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Rotate now" }).click();
    await page.getByText("Signs soon").waitFor();
    await page.getByRole("button", { name: "Change the interval" }).click();
    await page.getByLabel("Days").fill("30");
    await page.keyboard.press("Enter");
    await page.getByText("(every 30 days)").waitFor();
    expect(admin.complaints).toEqual([]);
  });

  test("turns on strict mode, and says what is wrong with a duration", async () => {
    const { it } = admin;
    const page = await admin.open("/settings");
    const setsCookie = async () => (await fetch(it.url, { headers: it.pair })).headers.has("set-cookie");
    expect(await setsCookie()).toBe(true);
    await page.getByLabel("Strict service tokens").check();
    await page.getByLabel("Session duration").fill("two days");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByLabel("Strict service tokens").isChecked()).toBe(true);
    await page.getByLabel("Session duration").fill("48h");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. It is in force now.").waitFor();
    expect(await setsCookie()).toBe(false);
    await page.reload();
    expect(await page.getByLabel("Session duration").inputValue()).toBe("48h");
  });

  test("adds an identity provider, never shows its secret again, and shows the environment’s as it is", async () => {
    const page = await admin.open("/identity-providers");
    await page.getByText("From the environment").waitFor();
    await page.getByRole("button", { name: "Add a provider" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Second");
    await page.getByLabel("Issuer").fill("https://login.second.example");
    await page.getByLabel("Client ID").fill("gatehouse");
    await page.getByLabel("Client secret").fill("very-secret-words");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("https://login.second.example").waitFor();
    await page.getByRole("button", { name: "Edit Second" }).click();
    expect(await page.getByLabel("Client secret").inputValue()).toBe("");
    await page.getByLabel("Name", { exact: true }).fill("Second, renamed");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Edit Second, renamed" }).waitFor();
    expect(await page.content()).not.toContain("very-secret-words");
    expect(await page.locator(".policy code").first().textContent()).toContain("/cdn-cgi/access/callback");
    expect(admin.complaints).toEqual([]);
  });
});

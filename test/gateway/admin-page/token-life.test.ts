import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../../support/requirements.ts";
import { type AdminBrowser, startAdminBrowser } from "./support/admin-browser.ts";

const HOUR_MS = 3_600_000;

interface Pair {
  readonly clientId: string;
  readonly secret: string;
}

describe.skipIf(chromiumPath === undefined)("the life of a service token on the admin page", () => {
  let admin: AdminBrowser;
  beforeAll(async () => {
    admin = await startAdminBrowser();
  });
  afterAll(() => admin?.close());
  afterEach(() => admin.closePages());

  /** What the gateway says to a bot with this pair. */
  const ask = async ({ clientId, secret }: Pair) => {
    const headers = { "CF-Access-Client-Id": clientId, "CF-Access-Client-Secret": secret };
    return (await fetch(admin.it.url, { headers })).status;
  };
  const shown = async (page: Page): Promise<Pair> => {
    const [clientId = "", secret = ""] = await page.locator("dialog .secret-value code").allTextContents();
    return { clientId, secret };
  };
  const inPage = async (page: Page, text: string) => (await page.content()).includes(text);

  test("by mouse: create, use, rotate with overlap, see who is on the old secret, end the overlap, delete", async () => {
    const page = await admin.open();
    await page.getByRole("button", { name: "New service token" }).click();
    await page.getByLabel("Name", { exact: true }).fill("report bot");
    await page.getByLabel("Works for").selectOption("720h");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByText("shown only this once").waitFor();
    const first = await shown(page);
    expect(await ask(first)).toBe(200);

    await page.getByRole("button", { name: "Copy the Client Secret" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(first.secret);
    await page.getByRole("button", { name: "Headers" }).click();
    await page.getByRole("button", { name: "Copy as Headers" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
      `CF-Access-Client-Id: ${first.clientId}\nCF-Access-Client-Secret: ${first.secret}`,
    );
    await page.getByRole("button", { name: "I have copied it" }).click();
    expect(await inPage(page, first.secret)).toBe(false);

    await page.getByRole("link", { name: "report bot" }).click();
    await page.getByRole("heading", { name: "report bot" }).waitFor();
    expect(await inPage(page, first.secret)).toBe(false);
    await page.getByRole("button", { name: "Rotate secret" }).click();
    await page.getByLabel("7 days").check();
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    await page.getByText("shown only this once").waitFor();
    const second = await shown(page);
    await page.getByRole("button", { name: "I have copied it" }).click();
    expect(second.clientId).toBe(first.clientId);
    expect([await ask(first), await ask(second)]).toEqual([200, 200]);
    await page.getByText("Old, still works").waitFor();

    admin.it.clock.nowMs += 5_000;
    await ask(first);
    await expect
      .poll(
        async () => {
          await page.reload();
          return page.getByText("somebody has yet to change").count();
        },
        { timeout: 20_000, interval: 1_000 },
      )
      .toBe(1);
    await page.getByRole("button", { name: "End the overlap now" }).click();
    await page.getByText("The old secret has stopped.").waitFor();
    expect([await ask(first), await ask(second)]).toEqual([401, 200]);

    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("nobody gets in with it any more").waitFor();
    expect(await ask(second)).toBe(401);
    await page.getByRole("button", { name: "Enable" }).click();
    await page.getByText("it works again").waitFor();
    expect(await ask(second)).toBe(200);

    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
    await dialog.getByLabel(/to confirm/).fill("report bot");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("“report bot” is deleted.").waitFor();
    expect(page.url()).toBe(`${admin.it.adminUrl}/service-tokens`);
    expect(await ask(second)).toBe(401);
    expect(admin.complaints).toEqual([]);
  });

  test("by keyboard alone", async () => {
    const page = await admin.open();
    const focused = () => page.evaluate<string>("document.activeElement.textContent");
    const tabTo = async (name: string) => {
      for (let presses = 0; presses < 40; presses += 1) {
        if ((await focused()).trim() === name) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`no way to ${name} by Tab`);
    };
    await tabTo("New service token");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("keyboard bot");
    await page.keyboard.press("Enter");
    await page.getByText("shown only this once").waitFor();
    const first = await shown(page);
    await tabTo("I have copied it");
    await page.keyboard.press("Enter");
    expect(await ask(first)).toBe(200);
    await expect.poll(focused).toBe("New service token");

    await page.keyboard.press("/");
    await page.keyboard.type("keyb");
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
    await tabTo("keyboard bot");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "keyboard bot" }).waitFor();

    await tabTo("Rotate secret");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.getByText("shown only this once").waitFor();
    const second = await shown(page);
    expect([await ask(first), await ask(second)]).toEqual([401, 200]);
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Rotate secret");
    expect(await inPage(page, second.secret)).toBe(false);

    await tabTo("Delete");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("keyboard bot");
    await page.keyboard.press("Enter");
    await page.getByText("“keyboard bot” is deleted.").waitFor();
    expect(admin.complaints).toEqual([]);
  });

  test("says when a token ends, and that it has, as time goes by", async () => {
    const { it } = admin;
    await it.gateway.tokens.create({ name: "short-lived", duration: "72h" });
    const page = await admin.open("/service-tokens?search=short-lived");
    await page.getByText("Expires in 3 days").waitFor();
    await page.clock.install({ time: new Date(it.clock.nowMs) });
    await page.reload();
    await page.getByText("Expires in 3 days").waitFor();
    await page.clock.fastForward(30 * HOUR_MS);
    await page.getByText("Expires in 42 hours").waitFor();
    await page.clock.fastForward(43 * HOUR_MS);
    await page.getByText("Expired", { exact: true }).waitFor();
    expect(await page.locator("time").first().getAttribute("title")).toMatch(
      /^\d{1,2} \w{3,4} 20\d\d, \d\d:\d\d:\d\d$/,
    );
  });

  test("what was typed is not lost by Escape, by going back, or by a refusal", async () => {
    const page = await admin.open();
    await page.getByRole("link", { name: "Keys and settings" }).click();
    await page.getByRole("link", { name: "Service tokens" }).click();
    await page.getByRole("button", { name: "New service token" }).click();
    await page.getByLabel("Name", { exact: true }).fill("half a na");
    await page.keyboard.press("Escape");
    await page.getByText("Discard what you typed?").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("half a na");
    await page.getByRole("button", { name: "Keep editing" }).click();
    await page.goBack();
    await page.getByText("Discard what you typed?").waitFor();
    await page.getByRole("button", { name: "Keep editing" }).click();
    await page.getByLabel("Name", { exact: true }).fill("   ");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "name" }).waitFor();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("   ");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("a rotation whose answer got lost is repeated without locking out the bot", async () => {
    const { it } = admin;
    const { clientId, clientSecret: secret } = await it.gateway.tokens.create({ name: "on a bad line" });
    const page = await admin.open("/service-tokens?search=bad+line");
    await page.getByRole("link", { name: "on a bad line" }).click();
    await page.getByRole("button", { name: "Rotate secret" }).click();
    await page.route("**/rotate", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor();
    await page.unroute("**/rotate");
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    await page.getByText("shown only this once").waitFor();
    const second = await shown(page);
    expect([await ask({ clientId, secret }), await ask(second)]).toEqual([200, 200]);
  });

  test("finds by name and by Client ID, and turns the pages of a long list", async () => {
    const { it } = admin;
    for (let index = 0; index < 30; index += 1) await it.gateway.tokens.create({ name: `many ${index}` });
    const page = await admin.open("/service-tokens?search=many");
    await page.getByText("1–25 of 30").waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("26–30 of 30").waitFor();
    expect(await page.locator("tbody tr").count()).toBe(5);
    await page.reload();
    await page.getByText("26–30 of 30").waitFor();
    await page.getByRole("searchbox").fill(it.token.clientId.slice(0, 12));
    await page.getByRole("link", { name: "stats bot" }).waitFor();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
  });
});

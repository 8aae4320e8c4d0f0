import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../../support/requirements.ts";
import { type AdminBrowser, startAdminBrowser } from "./support/admin-browser.ts";

describe.skipIf(chromiumPath === undefined)("applications and policies on the admin page", () => {
  let admin: AdminBrowser;
  beforeAll(async () => {
    admin = await startAdminBrowser();
  });
  afterAll(() => admin?.close());
  afterEach(() => admin.closePages());

  const named = (page: Page) => page.getByLabel("Name", { exact: true });
  const save = (page: Page, words: string) => page.getByRole("button", { name: words, exact: true }).first().click();
  const sentence = (page: Page, policy: string) =>
    page
      .locator(".policy")
      .filter({ has: page.getByText(policy, { exact: true }) })
      .locator(".policy-words");

  const makeApplication = async (name: string): Promise<{ readonly id: string }> => {
    const { it } = admin;
    const response = await fetch(`${it.adminUrl}/client/v4/accounts/acme/access/apps`, {
      method: "POST",
      headers: { authorization: `Bearer ${it.apiToken}`, "content-type": "application/json" },
      body: JSON.stringify({ name, domain: `${name.toLowerCase()}.example`, origin: it.origin.url }),
    });
    return ((await response.json()) as { result: { id: string } }).result;
  };

  test("makes an application with its policies by form, and the gateway goes by them at once", async () => {
    const { it } = admin;
    const place = `${it.host}/made-here`;
    const ask = async () => (await fetch(`${it.url}/made-here`, { headers: it.pair })).status;
    const page = await admin.open("/applications");
    await save(page, "New application");
    await named(page).fill("Made here");
    await page.getByLabel("Served at").fill(place);
    await page.getByLabel("Origin").fill("not an address");
    await save(page, "Create");
    await page.getByRole("alert").filter({ hasText: "http" }).waitFor();
    admin.complaints.length = 0;
    await page.getByLabel("Origin").fill(it.origin.url);
    await save(page, "Create");
    await page.getByRole("heading", { name: "Made here" }).waitFor();
    await page.getByText("No policy: nobody gets in").waitFor();
    expect(await ask()).toBe(403);

    await save(page, "Add a policy");
    await named(page).fill("bots");
    await page.getByLabel("Service Auth").check();
    await save(page, "+ Add to “Include”");
    await page.getByLabel("Include 1: selector").selectOption("service_token");
    await page.getByLabel("Include 1: Token").selectOption({ label: "stats bot" });
    await page.getByText("Let in without a login the service token “stats bot”.").waitFor();
    await save(page, "Create");
    await expect
      .poll(() => sentence(page, "bots").textContent())
      .toBe("Let in without a login the service token “stats bot”.");
    expect(await ask()).toBe(200);

    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.getByRole("button", { name: "JSON" }).click();
    const json = page.getByLabel("All fields");
    await json.fill(`${await json.inputValue()} broken`);
    await page.getByText("This is not JSON yet").waitFor();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await json.fill((await json.inputValue()).replace(" broken", "").replace('"24h"', '"2h"'));
    await save(page, "Save");
    await page.getByText("2 hours").waitFor();

    await page.getByRole("button", { name: "Remove bots" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("No policy: nobody gets in").waitFor();
    expect(await ask()).toBe(403);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByLabel(/to confirm/).fill("Made here");
    await page.keyboard.press("Enter");
    await page.getByText("“Made here” is deleted.").waitFor();
    expect(admin.complaints).toEqual([]);
  });

  test("refuses a token in an Allow policy with the reason, and what was typed stays", async () => {
    await makeApplication("Refusing");
    const page = await admin.open("/applications");
    await page.getByRole("link", { name: "Refusing" }).click();
    await save(page, "Add a policy");
    await named(page).fill("wrong");
    await save(page, "+ Add to “Include”");
    await page.getByLabel("Include 1: selector").selectOption("any_valid_service_token");
    await save(page, "Create");
    await page.getByRole("alert").filter({ hasText: "non_identity" }).waitFor();
    expect(await named(page).inputValue()).toBe("wrong");
  });

  test("whatever is typed as JSON, the form still stands, and the gateway says what is wrong", async () => {
    await makeApplication("Sturdy");
    const page = await admin.open("/applications");
    await page.getByRole("link", { name: "Sturdy" }).click();
    await save(page, "Add a policy");
    for (const json of ['{"name":5,"include":[null,{"email":7},{}],"require":"x"}', "{}"]) {
      await page.getByRole("button", { name: "JSON" }).click();
      await page.getByLabel("All fields").fill(json);
      await page.getByRole("button", { name: "Form", exact: true }).click();
      await page.getByText("at least one of these").waitFor();
    }
    await page.getByRole("button", { name: "JSON" }).click();
    await page.getByLabel("All fields").fill('["not an object"]');
    await page.getByText("This must be an object").waitFor();
    await page
      .getByLabel("All fields")
      .fill('{"name":"n","decision":"allow","include":[{"geo":{"country_code":"DE"}}]}');
    await save(page, "Create");
    await page.getByRole("alert").filter({ hasText: "country" }).waitFor();
  });

  test("shows what the policy file says, in order and in words, and does not offer to change it", async () => {
    const page = await admin.open("/applications");
    await page.getByRole("link", { name: "Stats" }).click();
    await page.getByText("GATEWAY_POLICY_FILE").waitFor();
    await page.getByText("bots", { exact: true }).waitFor();
    expect(await page.locator(".policy-words").allTextContents()).toEqual([
      "Let in without a login any valid service token.",
      "Allow people whose e-mail ends in @acme.example.",
    ]);
    for (const words of ["Edit", "Delete", "Add a policy"]) {
      expect(await page.getByRole("button", { name: words, exact: true }).count()).toBe(0);
    }
  });

  test("groups and reusable policies: made once, used by applications, moved, and not deleted while used", async () => {
    const { it } = admin;
    const page = await admin.open("/groups");
    await save(page, "New group");
    await named(page).fill("Finance");
    await save(page, "+ Add to “Include”");
    await page.getByLabel("Include 1: Domain").fill("finance.example");
    await save(page, "+ Add to “Exclude”");
    await page.getByLabel("Exclude 1: selector").selectOption("email");
    await page.getByLabel("Exclude 1: Address").fill("eve@finance.example");
    await save(page, "Create");
    await page.getByText("Has people whose e-mail ends in @finance.example, but not eve@finance.example.").waitFor();

    await page.getByRole("link", { name: "Reusable policies" }).click();
    await save(page, "New policy");
    await named(page).fill("finance people");
    await save(page, "+ Add to “Include”");
    await page.getByLabel("Include 1: selector").selectOption("group");
    await page.getByLabel("Include 1: Group").selectOption({ label: "Finance" });
    await save(page, "Create");
    await page.getByText("Allow the group “Finance”.").waitFor();

    const { id } = await makeApplication("Ledger");
    await it.api.zeroTrust.access.applications.policies.create(id, {
      account_id: "acme",
      name: "visitors",
      decision: "deny",
      include: [{ ip: { ip: "192.0.2.0/24" } }],
    } as never);
    await page.getByRole("link", { name: "Applications" }).click();
    await page.getByRole("link", { name: "Ledger" }).click();
    await save(page, "Use a reusable one");
    await save(page, "Use it");
    await page.getByRole("button", { name: "Move finance people up" }).click();
    await expect.poll(() => page.locator(".policy strong").allTextContents()).toEqual(["finance people", "visitors"]);

    await page.getByRole("link", { name: "Reusable policies" }).click();
    await page.getByRole("button", { name: "Delete finance people" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alert").filter({ hasText: "Ledger" }).waitFor();
  });

  test("the tester says who gets in, by which rule, and the address keeps the question", async () => {
    const { it } = admin;
    const page = await admin.open("/tester");
    await page.getByLabel("Address", { exact: true }).fill(`${it.url}/anything`);
    await page.getByLabel("Service token").selectOption({ label: "stats bot" });
    await save(page, "Try");
    const verdict = page.getByRole("region", { name: "Verdict" });
    await verdict.getByText("Let in").waitFor();
    await verdict.getByText("The policy “bots” says so.").waitFor();
    await page.getByRole("button", { name: "A person" }).click();
    await page.getByLabel("E-mail").fill("eve@elsewhere.example");
    await page.keyboard.press("Enter");
    await verdict.getByText("Refused").waitFor();
    await verdict.getByText("No policy matched").waitFor();
    const company = page.locator(".policy").filter({ hasText: "company" });
    expect(await company.textContent()).toContain("people whose e-mail ends in @acme.example does not match");
    await page.getByLabel("E-mail").fill("ada@acme.example");
    await page.keyboard.press("Enter");
    await verdict.getByText("Let in").waitFor();
    await page.reload();
    await verdict.getByText("The policy “company” says so.").waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe("ada@acme.example");
    await page.getByLabel("Address", { exact: true }).fill("https://nowhere.example/");
    await page.keyboard.press("Enter");
    await verdict.getByText("No application is at this address.").waitFor();
    expect(admin.complaints).toEqual([]);
  });
});

import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../../support/requirements.ts";
import { type AdminBrowser, startAdminBrowser } from "./support/admin-browser.ts";

const EVIL = "<img src=x onerror=alert(1)>";
const SECTIONS = [
  "service-tokens",
  "applications",
  "policies",
  "groups",
  "identity-providers",
  "tester",
  "people",
  "audit",
  "settings",
];

/** Controls that a screen reader could not name. */
const NAMELESS = `[...document.querySelectorAll("input, select, textarea, button, a[href]")]
  .filter((one) => !one.ariaLabel && !one.textContent.trim() && !(one.labels?.length > 0))
  .map((one) => one.outerHTML)`;
const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/** What a path is answered with, sent as it is: `fetch` would tidy it. */
async function rawStatus(origin: string, path: string): Promise<number | undefined> {
  const [response] = (await once(request(origin, { path }).end(), "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe.skipIf(chromiumPath === undefined)("the admin page", () => {
  let admin: AdminBrowser;
  beforeAll(async () => {
    admin = await startAdminBrowser();
  });
  afterAll(() => admin?.close());
  afterEach(() => admin.closePages());

  /** Names as long as they may be, without a place to break. */
  const fillWithLongNames = async () => {
    const { it } = admin;
    if ((await it.gateway.tokens.list()).some(({ name }) => name.startsWith("WWW"))) return;
    const long = "W".repeat(100);
    await it.gateway.tokens.create({ name: long });
    const include = [{ email_domain: { domain: `${"w".repeat(60)}.${"w".repeat(60)}.example` } }];
    const documents = [
      ["groups", { name: long, include }],
      ["policies", { name: long, decision: "allow", include }],
      ["apps", { name: long, domain: `${"w".repeat(60)}.example`, origin: `http://${"w".repeat(60)}.example` }],
      [
        "identity_providers",
        { name: long, type: "oidc", config: { issuer: "https://i.example", client_id: long, client_secret: "s" } },
      ],
    ] as const;
    for (const [path, body] of documents) {
      const response = await fetch(`${it.adminUrl}/client/v4/accounts/acme/access/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${it.apiToken}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      expect(response.status, await response.text()).toBe(201);
    }
  };

  test("signs in with an API token typed in, keeps it out of address, storage and page, and signs out", async () => {
    const { it } = admin;
    const page = await admin.visit("/audit");
    await page.getByLabel("API token").fill("cfut_wrong");
    await page.keyboard.press("Enter");
    await page.getByText("This token is not known").waitFor();
    // The browser itself notes the refused call.
    admin.complaints.length = 0;
    await page.getByLabel("API token").fill(it.apiToken);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Audit log" }).waitFor();
    const kept = await page.evaluate<string>(
      "JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, document.cookie])",
    );
    expect(kept + (await page.content())).not.toContain(it.apiToken);
    await page.reload();
    await page.getByRole("heading", { name: "Audit log" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("API token").waitFor();
    await page.reload();
    await page.getByLabel("API token").waitFor();
    expect(admin.complaints).toEqual([]);
  });

  test("signs in by a link, which leaves the address and the history at once", async () => {
    const { it } = admin;
    const page = await admin.visit(`/#token=${it.apiToken}`);
    await page.getByRole("heading", { name: "Service tokens" }).waitFor();
    expect(page.url()).toBe(`${it.adminUrl}/`);
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.goBack();
    await page.getByRole("heading", { name: "Service tokens" }).waitFor();
    expect(page.url()).toBe(`${it.adminUrl}/`);
    expect(it.logs.join("\n")).not.toContain(it.apiToken);
  });

  test("signs in by a link that is opened where the page is already open", async () => {
    const { it } = admin;
    const page = await admin.visit("/audit");
    await page.getByLabel("API token").waitFor();
    await page.goto(`${it.adminUrl}/audit#token=${it.apiToken}`);
    await page.getByRole("heading", { name: "Audit log" }).waitFor();
    expect(page.url()).toBe(`${it.adminUrl}/audit`);
  });

  test("asks to sign in again over what was being typed when the session ends", async () => {
    const { it } = admin;
    const page = await admin.open();
    await page.getByRole("button", { name: "New service token" }).click();
    await page.getByLabel("Name", { exact: true }).fill("typed before the end");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Create", exact: true }).click();
    const again = page.getByRole("dialog").filter({ hasText: "Your session has ended" });
    await again.getByLabel("API token").fill(it.apiToken);
    await again.getByRole("button", { name: "Sign in" }).click();
    await again.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByText("shown only this once").waitFor();
  });

  test("says what an API token may not do, and keeps what was typed", async () => {
    const { it } = admin;
    const { secret } = await it.gateway.apiTokens.create({ name: "reader", scopes: ["service_tokens:read"] });
    const page = await admin.visit(`/#token=${secret}`);
    await page.getByText("reader").waitFor();
    await page.getByRole("button", { name: "New service token" }).click();
    await page.getByLabel("Name", { exact: true }).fill("not mine to make");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "service_tokens:write" }).waitFor();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("not mine to make");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("link", { name: "People and sessions" }).click();
    await page.getByRole("alert").filter({ hasText: "users:read" }).waitFor();
  });

  test("says so when the gateway is gone, and goes on when it is back", async () => {
    const page = await admin.open();
    await page.context().setOffline(true);
    await page.getByRole("link", { name: "Groups" }).click();
    await page.getByText("The gateway cannot be reached").first().waitFor();
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Try again" }).first().click();
    await page.getByText("No groups yet").waitFor();
  });

  test("shows markup in names as text, everywhere", async () => {
    const { it } = admin;
    const token = await it.gateway.tokens.create({ name: EVIL });
    await it.gateway.apiTokens.create({ name: EVIL, scopes: ["all"] });
    await fetch(it.url, { headers: { "CF-Access-Client-Id": EVIL, "CF-Access-Client-Secret": "x" } });
    const page = await admin.open();
    await page.getByRole("link", { name: EVIL }).click();
    await page.getByRole("heading", { name: EVIL }).waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog", { name: EVIL }).waitFor();
    for (const section of SECTIONS) {
      await page.goto(`${it.adminUrl}/${section}?search=${encodeURIComponent(EVIL)}`);
      await page.locator("main h1").first().waitFor();
      expect(await page.locator("img[src=x]").count()).toBe(0);
    }
    await page.goto(`${it.adminUrl}/service-tokens/${token.id}`);
    await page.getByRole("heading", { name: EVIL }).waitFor();
    expect(await page.title()).toContain("Gatehouse");
    expect(admin.complaints).toEqual([]);
  });

  test("lets nothing inline or foreign run, and cannot be framed", async () => {
    const { it } = admin;
    const html = await (await fetch(`${it.adminUrl}/`)).text();
    const script = /src="([^"]+main\.ts)"/.exec(html)?.[1] ?? "";
    for (const path of ["/", "/audit/x", script]) {
      const { status, headers } = await fetch(it.adminUrl + path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(status).toBe(200);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toContain("unsafe");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    for (const outside of ["..%2fpage-html.ts", "%2e%2e/page-html.ts", "x/../../page-html.ts", "nothing.ts"]) {
      const address = script.replace("main.ts", outside);
      expect(await rawStatus(it.adminUrl, address), outside).toBe(404);
    }
  });

  test("is kept by the browser until it changes", async () => {
    const { it } = admin;
    const html = await fetch(`${it.adminUrl}/`);
    expect(html.headers.get("cache-control")).toBe("no-cache");
    const [, style = ""] = /href="([^"]+theme\.css)"/.exec(await html.text()) ?? [];
    const { headers } = await fetch(it.adminUrl + style);
    expect(headers.get("cache-control")).toContain("immutable");
    expect(headers.get("etag")).toMatch(/^"/);
  });

  test.each(SECTIONS)("%s has its address, a heading, labels for every control, and no complaints", async (section) => {
    const page = await admin.open(`/${section}`);
    expect(await page.locator("h1").count()).toBe(1);
    expect(await page.locator("nav [aria-current=page]").count()).toBe(1);
    const nameless = await page.evaluate<string[]>(NAMELESS);
    expect(nameless).toEqual([]);
    const ids = await page.evaluate<string[]>("[...document.querySelectorAll('[id]')].map(({ id }) => id)");
    expect(new Set(ids).size).toBe(ids.length);
    expect(admin.complaints).toEqual([]);
  });

  test.each(SECTIONS)("%s fits a phone", async (section) => {
    await fillWithLongNames();
    const page = await admin.open(`/${section}`, { viewport: { width: 360, height: 740 } });
    await page.waitForLoadState("networkidle");
    const overflow = await page.evaluate<number>(OVERFLOW);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByRole("heading", { name: "Audit log" }).waitFor();
  });
});

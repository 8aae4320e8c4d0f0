import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromiumPath } from "../support/requirements.ts";
import { startTestStats, type TestStats } from "./support/stats.ts";

const EVIL = "<img src=x onerror=alert(1)>";

describe.skipIf(chromiumPath === undefined)("the dashboard in a browser", () => {
  let stats: TestStats;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the browser complained about. */
  const complaints: string[] = [];

  beforeAll(async () => {
    stats = await startTestStats();
    const countries = ["US", "US", "US", "DE", "DE", EVIL];
    const events = Array.from({ length: 60 }, (_, index) => ({
      id: `d-${index}`,
      event: "signup",
      time: new Date(stats.now - (index % 20) * 86_400_000 - 3_600_000).toISOString(),
      dimensions: { country: countries[index % countries.length] ?? null },
    }));
    await stats.app.importEvents([events]);
    browser = await chromium.launch({
      executablePath: chromiumPath ?? "",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await stats?.close();
  });

  beforeEach(async () => {
    complaints.length = 0;
    context = await browser.newContext({ extraHTTPHeaders: await stats.access.asPerson() });
    // Less than a test's, so that what was waited for in vain is named.
    context.setDefaultTimeout(20_000);
    page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
  });
  afterEach(() => context.close());

  const open = (search = "") => page.goto(`${stats.origin}/${search}`);
  const total = () => page.locator("output");

  test("shows the number that the API gives, a chart, a table and the person's name", async () => {
    await open("?metric=signups&range=last_7_days");
    const answer = await stats.ask({ metric: "signups", range: { from: "2026-11-16", to: "2026-11-23" } });
    await expect.poll(() => total().textContent()).toBe(String(answer.total));
    await page.locator(".chart svg").waitFor();
    expect(await page.locator("tbody tr").count()).toBe(7);
    expect(await page.getByText("Ada Lovelace").count()).toBe(1);
    expect(await page.getByRole("link", { name: "Log out" }).getAttribute("href")).toBe("/cdn-cgi/access/logout");
    expect(complaints).toEqual([]);
  });

  test("finds a metric by a word people use, with the keyboard alone", async () => {
    await open();
    await page.locator("h1").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("turnover");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("h1").textContent()).toBe("Revenue");
    expect(page.url()).toContain("metric=revenue");
    await page.goBack();
    await expect.poll(() => page.locator("h1").textContent()).toBe("Signups");
  });

  test("splits by a dimension, narrows to a group, and a link shows the same", async () => {
    await open("?metric=signups&range=last_30_days");
    await page.getByLabel("Break down by").selectOption("country");
    await page.getByRole("button", { name: "Germany", exact: true }).click();
    await page.getByText("Country is Germany").first().waitFor();
    const range = { from: "2026-10-24", to: "2026-11-23" };
    const filters = [{ dimension: "country", operator: "is", values: ["DE"] }];
    const answer = await stats.ask({ metric: "signups", range, filters });
    await expect.poll(() => total().textContent()).toBe(String(answer.total));
    const shared = page.url();
    await page.goto("about:blank");
    await page.goto(shared);
    await expect.poll(() => total().textContent()).toBe(String(answer.total));
  });

  test("shows markup in the data as text, in the table, the filters and the chart's tip", async () => {
    await open("?metric=signups&range=last_30_days&split=country");
    await page.getByRole("button", { name: EVIL, exact: true }).waitFor();
    await page.locator(".chart svg").waitFor();
    await page.locator(".chart").hover();
    await page.locator(".tip").waitFor();
    expect(await page.locator(".tip").textContent()).toContain(EVIL);
    await page.getByRole("button", { name: "+ Filter" }).click();
    expect(await page.locator("img[src=x]").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("takes dates from the keyboard, and says so when they are the wrong way round", async () => {
    await open("?metric=signups&from=2026-11-10&to=2026-11-20");
    // At several speeds: what the page does between two keys must never take one back.
    for (const [speed, delay] of [0, 5, 10, 15, 20, 25].entries()) {
      await page.getByLabel("From", { exact: true }).focus();
      await page.keyboard.type(`111${speed + 1}2026`, { delay });
      await expect.poll(() => page.url()).toContain(`from=2026-11-1${speed + 1}&to=2026-11-20`);
      await page.getByLabel("From", { exact: true }).blur();
    }
    await page.getByLabel("To", { exact: true }).fill("2026-11-01");
    await page.getByText("“From” is after “To”").waitFor();
    await page.getByLabel("To", { exact: true }).fill("2026-11-19");
    await expect.poll(() => page.url()).toContain("from=2026-11-16&to=2026-11-19");
    expect(await page.getByText("“From” is after “To”").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("keeps the keyboard's place when a filter comes and goes", async () => {
    await open("?metric=signups");
    const adder = page.getByRole("button", { name: "+ Filter" });
    const focused = adder.and(page.locator(":focus"));
    await adder.click();
    await page.getByLabel("Value").selectOption("DE");
    await focused.waitFor();
    await page.getByRole("button", { name: "Remove the filter Country is Germany" }).click();
    await focused.waitFor();
  });

  test("opens a damaged link", async () => {
    await open("?metric=signups&filter=country:100%25&from=9999999-01-01");
    await page.getByText('No event has the country "100%".').waitFor();
  });

  test("says where there is data when a range has none", async () => {
    await open("?metric=signups&from=2010-01-01&to=2010-01-31");
    await page.getByText("No events in this range").waitFor();
    await page.getByText("There is data from").waitFor();
  });

  test("asks to log in again when the session is over", async () => {
    await open();
    await total().waitFor();
    await page.route("**/api/v1/query", (route) => route.fulfill({ status: 401, json: { error: {} } }));
    await page.getByLabel("Break down by").selectOption("plan");
    await page.getByText("Please log in again").waitFor();
  });
});

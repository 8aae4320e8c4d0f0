import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { chromiumPath } from "../support/requirements.ts";
import { discard, type LocalStack, startLocalStack } from "./support/local-stack.ts";

const QUESTION = "signups last 7 days by country vs previous week";
const SAMPLE_TIMEOUT_MS = 120_000;

describe.skipIf(chromiumPath === undefined)("a first visit, in a browser", () => {
  let stack: LocalStack;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startLocalStack(), launchBrowser()]);
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
  }, SAMPLE_TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    await discard(stack);
    expect(complaints).toEqual([]);
  });

  const composer = () => page.getByRole("combobox", { name: "Message #general", exact: true });
  const lastMessage = () => page.getByTestId("message").last();

  async function type(line: string): Promise<void> {
    await composer().fill(line);
    await composer().press("Enter");
  }

  test("a slash command shows a report with chart and table", async () => {
    await page.goto(stack.chatUrl);
    await type(`/stats ${QUESTION}`);
    const report = page.getByTestId("message").filter({ hasText: "· by Country ·" });
    await report.getByTestId("chart").locator("svg").waitFor();
    await report.getByRole("row", { name: /United States/ }).waitFor();
    expect(await report.getByRole("heading").first().textContent()).toMatch(/^Signups: \d/);
    expect(await report.textContent()).toContain("compared with");
  });

  test("a mention in a channel is answered in its thread", async () => {
    await type("@stats how many active users last month?");
    const link = lastMessage().getByText("View thread");
    await link.waitFor();
    await link.click();
    const thread = page.getByTestId("thread");
    await thread.getByText(/^Active users: [\d,]+$/).waitFor();
    expect(await thread.getByTestId("message").count()).toBeGreaterThanOrEqual(2);
  });

  test("a question it cannot read gets suggestions to click, and a click answers", async () => {
    await page.getByTestId("thread").getByRole("button", { name: /close/i }).click();
    await type("/stats signps last week");
    const suggestion = page.getByRole("button", { name: /signups/i }).last();
    await suggestion.waitFor();
    await suggestion.click();
    await page
      .getByRole("heading", { name: /^Signups: \d/ })
      .last()
      .waitFor();
  });

  test("the dashboard asks for a login, then shows the same numbers as the chat", async () => {
    const report = page.getByTestId("message").filter({ hasText: "· by Country ·" });
    const inChat = (await report.getByRole("heading").first().textContent())?.replace(/^Signups: /, "");
    await page.goto(`${stack.dashboardUrl}/?metric=signups&range=last_7_days&split=country`);
    expect(new URL(page.url()).host).not.toBe(new URL(stack.dashboardUrl).host);
    await page.getByRole("button", { name: /Ada Okafor/ }).click();
    await page.waitForURL(`${stack.dashboardUrl}/**`);
    await page.getByText("Ada Okafor").waitFor();
    await page.getByText(String(inChat), { exact: true }).first().waitFor();
    await page.getByRole("row", { name: /^United States/ }).waitFor();
  });

  test("logging out is confirmed, and the dashboard asks who is there again", async () => {
    await page.getByRole("link", { name: "Log out" }).click();
    await page
      .getByText(/logged out/i)
      .first()
      .waitFor();
    await page.goto(stack.dashboardUrl);
    await page.getByRole("button", { name: /Grace Lindqvist/ }).waitFor();
  });

  test("someone of another company is told no, in words, and can log in as somebody else", async () => {
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(stack.dashboardUrl);
    const [response] = await Promise.all([
      stranger.waitForResponse((one) => one.url().startsWith(stack.dashboardUrl) && one.status() === 403),
      stranger.getByRole("button", { name: /Olive Byrne/ }).click(),
    ]);
    expect(response.status()).toBe(403);
    expect(await stranger.textContent("body")).toMatch(/olive@elsewhere\.example|not allowed|no access/i);
    expect(await stranger.textContent("body")).not.toMatch(/Signups/);
  });
});

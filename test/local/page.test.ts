import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Workspace } from "../../local/workspace/workspace.ts";
import { chromiumPath } from "../support/requirements.ts";
import { type StartedBolt, startBolt } from "./support/bolt-app.ts";
import { registerReports } from "./support/report-app.ts";
import { GENERAL, startWorkspace } from "./support/workspace.ts";

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

describe.skipIf(chromiumPath === undefined)("the chat page in a browser", () => {
  let browser: Browser;
  let workspace: Workspace;
  let bolt: StartedBolt;
  let page: Page;
  /** Errors of the page and refusals of its content security policy. */
  let complaints: string[];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: String(chromiumPath), args: ARGS });
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    complaints = [];
    workspace = await startWorkspace();
    bolt = await startBolt(workspace, registerReports);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    // Less than a test's, so that what was waited for in vain is named.
    context.setDefaultTimeout(20_000);
    page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
    await page.goto(workspace.url);
  });
  afterEach(async () => {
    await page.context().close();
    await bolt.stop();
    await workspace.close();
    expect(complaints).toEqual([]);
  });

  const composer = (name = "Message #general") => page.getByRole("combobox", { name, exact: true });
  const messages = () => page.getByTestId("message");

  test("a slash command is completed, sent, and answered with a chart and a table", async () => {
    await composer().pressSequentially("/st");
    await page.getByRole("option", { name: /^\/stats/ }).waitFor();
    await composer().press("Tab");
    await page.getByText("[metric] [period]").waitFor();
    await composer().pressSequentially("signups last 7 days");
    await composer().press("Enter");
    const chart = page.getByTestId("chart");
    await chart.locator("svg text", { hasText: "Nov 22" }).waitFor();
    expect(await chart.locator("svg text").allTextContents()).toEqual(
      expect.arrayContaining(["This week", "signups", "day"]),
    );
    const table = page.getByRole("table", { name: "Signups by country" });
    expect(await table.getByRole("row").count()).toBe(6);
    expect(await composer().inputValue()).toBe("");
  });

  test("a table is sorted by its headers and paged", async () => {
    await composer().fill("/stats x");
    await composer().press("Enter");
    const table = page.getByRole("table", { name: "Signups by country" });
    const firstCell = table.getByRole("rowheader").first();
    await table.getByRole("button", { name: "Change" }).click();
    expect(await firstCell.textContent()).toBe("India");
    await table.getByRole("button", { name: "Change" }).click();
    expect(await firstCell.textContent()).toBe("Germany");
    await page.getByRole("button", { name: "Next rows" }).click();
    await page.getByText("6–7 of 7").waitFor();
  });

  test("a mention is completed and answered in its thread", async () => {
    await composer().pressSequentially("@st");
    await composer().press("Tab");
    await composer().pressSequentially("how many active users?");
    await composer().press("Enter");
    await page.getByRole("button", { name: /1 reply.*View thread/ }).click();
    const thread = page.getByTestId("thread");
    await thread.getByText("Active users: 8,120").waitFor();
    await composer("Reply in thread").fill("thanks");
    await composer("Reply in thread").press("Enter");
    await thread.getByText("2 replies").waitFor();
    await thread.getByRole("button", { name: "Close thread" }).click();
    await page.getByRole("button", { name: /2 replies/ }).waitFor();
  });

  test("what the bot is doing is shown until it answers", async () => {
    await composer().fill("@stats slow");
    await composer().press("Enter");
    const working = page.getByTestId("working");
    await working.getByText("is counting…").waitFor();
    const { messages: sent } = await bolt.app.client.conversations.history({ channel: GENERAL });
    await bolt.app.client.chat.postMessage({ channel: GENERAL, text: "done", thread_ts: String(sent?.[0]?.ts) });
    await working.getByText("is counting…").waitFor({ state: "detached" });
  });

  test("a modal opens from a button, says what is missing, and is submitted", async () => {
    await composer().fill("/stats x");
    await composer().press("Enter");
    await page.getByRole("button", { name: "Subscribe" }).click();
    const dialog = page.getByRole("dialog", { name: "Subscribe to a report" });
    await dialog.getByRole("button", { name: "Subscribe" }).click();
    await dialog.getByText("Please complete this required field.").waitFor();
    await dialog.getByLabel("Name").fill("Weekly");
    await dialog.getByRole("radio", { name: "Every day" }).check();
    await dialog.getByLabel("Name").press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: /growth.*unread/ }).click();
    await page.getByText("subscribed this channel to Weekly").waitFor();
  });

  test("a dangerous button asks first", async () => {
    await composer().fill("/stats x");
    await composer().press("Enter");
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete this report?" });
    await dialog.getByRole("button", { name: "Keep" }).click();
    expect(await messages().count()).toBe(1);
    await page.getByRole("button", { name: "Delete" }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await messages().waitFor({ state: "detached" });
  });

  test("the up arrow recalls what was sent, Shift+Enter makes a new line", async () => {
    await composer().fill("first @ada");
    await composer().press("Shift+Enter");
    await composer().pressSequentially("second");
    await composer().press("Enter");
    await page.getByText("second").waitFor();
    await composer().press("ArrowUp");
    expect(await composer().inputValue()).toBe("first @ada\nsecond");
  });

  test("what could not be sent is in the text box again", async () => {
    await page.route("**/workspace/messages", (route) => route.abort());
    await composer().fill("a long thought");
    await composer().press("Enter");
    await page.getByText("nothing was sent").waitFor();
    await expect.poll(() => composer().inputValue()).toBe("a long thought");
    await page.unroute("**/workspace/messages");
    await composer().press("Enter");
    await messages().getByText("a long thought").waitFor();
    complaints = complaints.filter((line) => !line.includes("ERR_FAILED"));
  });

  test("markup from a message stays text", async () => {
    const text = '<img src=x onerror="document.title=1"> &lt;script&gt; <javascript:alert(1)|click>';
    await bolt.app.client.chat.postMessage({ channel: GENERAL, text });
    const body = messages().first();
    await body.waitFor();
    expect(await body.textContent()).toContain(
      '<img src=x onerror="document.title=1"> <script> <javascript:alert(1)|click>',
    );
    expect(await body.locator("img, script, a").count()).toBe(0);
  });

  test("another person sees the channel but not what was for one person only", async () => {
    await composer().fill("/stats help");
    await composer().press("Enter");
    await page.getByText("Only visible to you").waitFor();
    await composer().fill("hello all");
    await composer().press("Enter");
    await page.getByText("hello all").waitFor();
    await page.getByRole("button", { name: /You are Ada Park/ }).click();
    await page.getByRole("menuitemradio", { name: /Grace Okafor/ }).click();
    await page.getByRole("button", { name: /You are Grace Okafor/ }).waitFor();
    await page.getByText("hello all").waitFor();
    expect(await page.getByText("Only visible to you").count()).toBe(0);
  });

  test("what was written elsewhere is announced, and marked as new when one comes to it", async () => {
    const { client } = bolt.app;
    await client.chat.postMessage({ channel: "C0PRODUCT", text: "seen" });
    await page.getByRole("button", { name: /product.*unread/ }).click();
    await page.getByText("seen").waitFor();
    await page.getByRole("button", { name: /general/ }).click();
    await composer("Message #general").waitFor();
    await client.chat.postMessage({ channel: "C0PRODUCT", text: "missed" });
    await page.getByRole("button", { name: /product.*unread/ }).click();
    await page.getByText("missed").waitFor();
    expect(await page.getByText("New", { exact: true }).count()).toBe(1);
    expect(await page.title()).toBe("#product · Acme Notes");
  });

  test("the developer panel disconnects the bot, which comes back by itself", async () => {
    const toggle = page.getByRole("button", { name: /Developer/ });
    await toggle.click();
    await page.getByRole("button", { name: "Disconnect the app" }).click();
    await page.getByText("Bot not connected").waitFor();
    await page.getByText("Bot connected").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Disconnect the app" }).waitFor({ state: "detached" });
  });

  test("a narrow screen has everything, the channels behind a button", async () => {
    await page.setViewportSize({ width: 400, height: 760 });
    await page.getByRole("button", { name: "Show channels" }).click();
    await page.getByRole("button", { name: "growth" }).click();
    await composer("Message #growth").fill("/stats x");
    await composer("Message #growth").press("Enter");
    await page.getByTestId("chart").locator("svg").waitFor();
    const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow).toBeLessThanOrEqual(0);
  });

  test("the page finds its way back after the workspace was started again", async () => {
    await composer().fill("before");
    await composer().press("Enter");
    await page.getByText("before").waitFor();
    const port = Number(new URL(workspace.url).port);
    await bolt.stop();
    await workspace.close();
    await page.getByText("The workspace is not reachable").waitFor();
    workspace = await startWorkspace({ port });
    bolt = await startBolt(workspace, registerReports);
    await page.getByText("The workspace is not reachable").waitFor({ state: "detached" });
    // The browser itself complains of each attempt that failed.
    complaints = [];
    await composer().fill("/stats help");
    await composer().press("Enter");
    await page.getByText("Only visible to you").waitFor();
  });

  test("what happens while the page opens is not lost", async () => {
    await composer().waitFor();
    const told = new Promise<void>((resolve) => {
      page.on("websocket", (socket) =>
        socket.on("framereceived", ({ payload }) => String(payload).includes('"sockets":0') && resolve()),
      );
    });
    await page.route("**/workspace/state?*", async (route) => {
      const before = await route.fetch();
      await bolt.stop();
      await told;
      await route.fulfill({ response: before });
    });
    await page.reload();
    await page.getByText("Bot not connected").waitFor();
  });

  test("a page that could not load the workspace tries again", async () => {
    await composer().waitFor();
    await page.route("**/workspace/state?*", (route) => route.abort(), { times: 1 });
    await page.reload();
    await composer().waitFor();
    expect(complaints).toHaveLength(1);
    complaints = [];
  });

  test("a reload comes back to the same thread", async () => {
    await composer().fill("@stats count");
    await composer().press("Enter");
    await page.getByRole("button", { name: /View thread/ }).click();
    await page.reload();
    await page.getByTestId("thread").getByText("Active users: 8,120").waitFor();
  });
});

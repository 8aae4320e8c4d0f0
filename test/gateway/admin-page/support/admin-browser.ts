import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser } from "../../../support/browser.ts";
import { startGateway, type TestGateway, type TestGatewayOptions } from "../../support/gateway.ts";

/** A gateway with its admin page, and a browser to open it in. */
export interface AdminBrowser {
  readonly it: TestGateway;
  readonly browser: Browser;
  /** What the browser complained about: console errors, policy violations, exceptions and alerts. */
  readonly complaints: string[];
  /** A fresh browser that is signed in, at an address of the page. */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** A fresh browser that is not. */
  visit(path: string, options?: BrowserContextOptions): Promise<Page>;
  closePages(): Promise<void>;
  close(): Promise<void>;
}

export async function startAdminBrowser(options: TestGatewayOptions = {}): Promise<AdminBrowser> {
  return openAdminBrowser(await startGateway({ admin: true, ...options }));
}

/** In front of a gateway that is there, which is closed with it. */
export async function openAdminBrowser(it: TestGateway): Promise<AdminBrowser> {
  const browser = await launchBrowser();
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];
  const visit = async (path: string, contextOptions: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...contextOptions });
    // Below the tests' own limit, so that what was waited for is told.
    context.setDefaultTimeout(20_000);
    contexts.push(context);
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      if (dialog.type() !== "beforeunload") complaints.push(dialog.message());
      void dialog.accept();
    });
    await page.goto(it.adminUrl + path);
    return page;
  };
  return {
    it,
    browser,
    complaints,
    visit,
    async open(path = "/", contextOptions = {}) {
      const page = await visit(`${path}#token=${it.apiToken}`, contextOptions);
      await page.locator("main h1").first().waitFor();
      return page;
    },
    async closePages() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      complaints.length = 0;
    },
    async close() {
      await browser.close();
      await it.close();
    },
  };
}

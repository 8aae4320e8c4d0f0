import { test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { discard, startLocalStack } from "./support/local-stack.ts";
test("shots", async () => {
  const [stack, browser] = await Promise.all([startLocalStack({ env: { LOCAL_SAMPLE_DATA: "true" } }), launchBrowser()]);
  try {
    for (const scheme of ["light", "dark"] as const) {
      const page = await (await browser.newContext({ viewport: { width: 1100, height: 900 }, colorScheme: scheme })).newPage();
      await page.goto(stack.chatUrl);
      const composer = page.getByRole("combobox", { name: "Message #general", exact: true });
      await composer.fill("/stats signups last 7 days"); await composer.press("Enter");
      await page.getByText("Signups:").first().waitFor();
      await composer.fill("/stats admin"); await composer.press("Enter");
      await page.getByText("Cache hit rate").last().waitFor();
      await page.waitForTimeout(500);
      await page.screenshot({ path: `/tmp/b/card-${scheme}.png` });
      await page.getByRole("button", { name: /Rotate the secret/ }).last().click();
      await page.waitForTimeout(300);
      await page.screenshot({ path: `/tmp/b/confirm-${scheme}.png` });
      await page.getByRole("button", { name: "Rotate", exact: true }).click();
      await page.waitForTimeout(300);
      await page.screenshot({ path: `/tmp/b/working-${scheme}.png` });
      await page.getByText(/The new secret is in my file|The rotation stopped/).last().waitFor({ timeout: 30000 });
      await page.waitForTimeout(300);
      await page.screenshot({ path: `/tmp/b/done-${scheme}.png` });
    }
  } finally {
    console.log(stack.log.filter((l) => l["app"] === "bot").map((l) => JSON.stringify(l)).join("\n").slice(0, 6000));
    await browser.close();
    await discard(stack);
  }
}, 200_000);

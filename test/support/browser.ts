import { type Browser, chromium } from "playwright-core";
import { chromiumPath } from "./requirements.ts";

/** Without these, Chromium asks Google's hosts for updates at every start. */
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** A headless Chromium of this machine. Only where `chromiumPath` is known. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: String(chromiumPath), args: ["--no-sandbox", "--disable-gpu", ...QUIET] });
}

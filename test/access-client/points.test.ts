import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** What the best token-caching clients do, each in its own `describe` that begins with its number and these words. */
const POINTS = [
  "1. Three states: fresh, stale, dead",
  "2. One exchange in flight",
  "3. Refresh window: min(2 min, 20 % of the lifetime), with ±10 % jitter",
  "4. A failed refresh while the token lives",
  "5. Server time",
  "6. 401: that token is dropped, one exchange, one replay",
  "7. 403 and the login page",
  "8. Redirects are never followed across origins with credentials",
  "9. Credentials are bound to their origins",
  "10. Rotation",
  "11. Negative cache",
  "12. Cross-process token cache",
  "13. Redaction",
  "14. Telemetry",
  "15. Shapes",
  "16. Timeouts and AbortSignal",
  "17. Strict servers",
  "18. Exchanges are counted",
];
const tests = globSync("*.test.ts", { cwd: import.meta.dirname })
  .map((file) => readFileSync(`${import.meta.dirname}/${file}`, "utf8"))
  .join("\n");

test.each(POINTS)("%s: has its tests", (point) => {
  expect(tests).toContain(`describe("${point}`);
});

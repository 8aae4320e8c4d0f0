import { expect, test } from "vitest";
import { createResponseUrls } from "../../local/workspace/app/response-urls.ts";
import { createTriggers } from "../../local/workspace/app/triggers.ts";

const TARGET = { channel: "C0GENERAL", personId: "U0ADA" };
const idOf = (path: string) => path.replace("/response/", "");

test("a response URL works five times", () => {
  const urls = createResponseUrls(() => 0);
  const id = idOf(urls.issue(TARGET));
  const uses = Array.from({ length: 6 }, () => urls.use(id) !== undefined);
  expect(uses).toEqual([true, true, true, true, true, false]);
});

test.each([
  [30 * 60_000 - 1, true],
  [30 * 60_000, false],
])("a response URL after %i ms: usable is %s", (afterMs, isUsable) => {
  let nowMs = 0;
  const urls = createResponseUrls(() => nowMs);
  const id = idOf(urls.issue(TARGET));
  nowMs = afterMs;
  expect(urls.use(id) !== undefined).toBe(isUsable);
});

test.each([
  [2_999, { personId: "U0ADA" }],
  [3_000, { failure: "expired_trigger_id" }],
])("a trigger after %i ms gives %j", (afterMs, answer) => {
  let nowMs = 0;
  const triggers = createTriggers(() => nowMs);
  const id = triggers.issue("U0ADA");
  nowMs = afterMs;
  expect(triggers.exchange(id)).toEqual(answer);
});

test("a trigger opens one modal only", () => {
  const triggers = createTriggers(() => 0);
  const id = triggers.issue("U0ADA");
  triggers.exchange(id);
  expect(triggers.exchange(id)).toEqual({ failure: "exchanged_trigger_id" });
});

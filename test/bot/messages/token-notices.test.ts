import { describe, expect, test } from "vitest";
import { tokenNoticeMessage } from "../../../bot/src/messages/token-notices.ts";
import { expiringToken, type TokenNotice } from "../../../bot/src/notices/token-notice.ts";
import { expectWithinLimits } from "../support/limits.ts";

const CLIENT_ID = `${"c".repeat(32)}.access`;
const NOW_MS = Date.parse("2026-11-24T12:00:00Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const expiring = (leftMs: number): TokenNotice => ({
  kind: "expiring",
  clientId: CLIENT_ID,
  expiresAt: new Date(NOW_MS + leftMs).toISOString(),
  milestoneDays: 30,
});

describe("the notice that the token ends", () => {
  test.each([
    [30 * DAY_MS, "🔔 My service token ends in 30 days"],
    [29.5 * DAY_MS, "🔔 My service token ends in 30 days"],
    [7 * DAY_MS, "🟠 My service token ends in 7 days"],
    [1.6 * DAY_MS, "🟠 My service token ends in 2 days"],
    [DAY_MS, "🔴 My service token ends in 24 hours"],
    [HOUR_MS / 2, "🔴 My service token ends in less than an hour"],
    [-HOUR_MS, "🔴 My service token has ended"],
  ])("with %i ms left is headed “%s”", (leftMs, title) => {
    const message = tokenNoticeMessage(expiring(leftMs), NOW_MS);
    expect(message.blocks[0]).toMatchObject({ text: { text: title } });
    expectWithinLimits(message);
  });

  test("says until when and what to run, also where only its text is shown", () => {
    const { text, blocks } = tokenNoticeMessage(expiring(6 * DAY_MS), NOW_MS);
    const command = `npm run admin -- tokens refresh ${CLIENT_ID}`;
    expect(text).toBe(`My service token ends in 6 days, on 30 Nov 2026, 12:00 UTC. To make it last longer: ${command}`);
    expect(JSON.stringify(blocks)).toContain(command);
    expect(JSON.stringify(blocks)).toContain("<!date^1796040000^{date_long}, {time}|30 Nov 2026, 12:00 UTC>");
  });
});

test("the notice of a rotation says that nothing is to be done, and what to do about a stranger's", () => {
  const message = tokenNoticeMessage(
    { kind: "rotated", clientId: CLIENT_ID, pairId: "pair-of-the-secret", at: "2026-11-24T12:00:00.000Z" },
    NOW_MS,
  );
  expectWithinLimits(message);
  expect(message.text).toContain("24 Nov 2026, 12:00 UTC");
  expect(JSON.stringify(message)).toContain(`tokens disable ${CLIENT_ID}`);
  expect(JSON.stringify(message)).not.toContain("pair-of-the-secret");
});

describe("when a notice is due", () => {
  test.each([
    [30 * DAY_MS + 1, undefined],
    [30 * DAY_MS, 30],
    [7 * DAY_MS + 1, 30],
    [7 * DAY_MS, 7],
    [DAY_MS + 1, 7],
    [DAY_MS, 1],
    [-DAY_MS, 1],
  ])("%i ms before the end: milestone %s", (leftMs, milestone) => {
    const end = new Date(NOW_MS + leftMs).toISOString();
    expect(expiringToken(CLIENT_ID, end, NOW_MS)?.milestoneDays).toBe(milestone);
  });

  test.each(["", "soon", "2026-13-45"])("an end that cannot be read (%j) is no notice", (end) => {
    expect(expiringToken(CLIENT_ID, end, NOW_MS)).toBeUndefined();
  });
});

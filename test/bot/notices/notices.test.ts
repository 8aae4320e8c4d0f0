import { createLogger } from "@gatehouse/service";
import { webApi } from "@slack/bolt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createNotices, type Notices } from "../../../bot/src/notices/notices.ts";
import { createOutbox, type Outbox } from "../../../bot/src/notices/outbox.ts";
import type { TokenNotice } from "../../../bot/src/notices/token-notice.ts";
import { openBotStore, type Store } from "../../../bot/src/store/store.ts";
import { createDatabase, type TestDatabase } from "../../gateway/support/stores.ts";
import { type SlackFixture, startSlackFixture } from "../support/slack-fixture.ts";

const CLIENT_ID = `${"c".repeat(32)}.access`;
const NOTICE: TokenNotice = { kind: "rotated", clientId: CLIENT_ID, pairId: "pair-2", at: "2026-11-24T12:00:00.000Z" };

let database: TestDatabase;
let store: Store;
let slack: SlackFixture;
let nowMs: number;
let logs: string[];
/** The outbox's next call of this name fails. */
let failing: keyof Outbox | undefined;

beforeEach(async () => {
  database = await createDatabase("SQLite");
  store = await openBotStore(database.url);
  slack = await startSlackFixture();
  nowMs = Date.parse("2026-11-24T12:00:00Z");
  logs = [];
  failing = undefined;
});
afterEach(async () => {
  await store.destroy();
  await slack.close();
  database.remove();
});

function openNotices(): Notices {
  const outbox = createOutbox(store, () => nowMs);
  const failOnce = <Args extends unknown[], Result>(name: keyof Outbox, call: (...args: Args) => Promise<Result>) => {
    return async (...args: Args): Promise<Result> => {
      if (failing !== name) return call(...args);
      failing = undefined;
      throw new Error("the disk is full");
    };
  };
  return createNotices(
    { users: ["U0ADA"] },
    {
      outbox: {
        ...outbox,
        add: failOnce("add", outbox.add),
        take: failOnce("take", outbox.take),
        markPosted: failOnce("markPosted", outbox.markPosted),
        putBack: failOnce("putBack", outbox.putBack),
      },
      slack: new webApi.WebClient("xoxb-fixture", { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }),
      logger: createLogger({ app: "bot", destination: { write: (line) => logs.push(line) } }),
      now: () => nowMs,
    },
  );
}

const posts = () => slack.callsOf("chat.postMessage").length;

test.each(["add", "take"] as const)(
  "a database that fails at “%s” delays the notice, and the log says so",
  async (name) => {
    const notices = openNotices();
    failing = name;
    await notices.announce(NOTICE);
    expect(posts()).toBe(0);
    expect(logs.join("")).toContain("wait for the bot's database");
    await notices.deliver();
    expect(posts()).toBe(1);
  },
);

test("a notice that was posted and could not be marked is marked later, and not posted again", async () => {
  const notices = openNotices();
  failing = "markPosted";
  await notices.announce(NOTICE);
  nowMs += 3_600_000;
  await notices.deliver();
  await openNotices().deliver();
  expect(posts()).toBe(1);
});

test("a notice that was refused and could not be put back is due again after ten minutes", async () => {
  const notices = openNotices();
  slack.answer("chat.postMessage", { body: { ok: false, error: "fatal_error" } }, { body: { ok: true, ts: "1.1" } });
  failing = "putBack";
  await notices.announce(NOTICE);
  nowMs += 9 * 60_000;
  await notices.deliver();
  expect(posts()).toBe(1);
  nowMs += 60_000;
  await notices.deliver();
  expect(posts()).toBe(2);
});

test("refusals are tried again ever less often, and not after a week", async () => {
  const notices = openNotices();
  slack.answer("chat.postMessage", { body: { ok: false, error: "is_archived" } });
  await notices.announce(NOTICE);
  const postedAfterMinutes: number[] = [];
  for (let minute = 1; minute <= 400; minute += 1) {
    const before = posts();
    nowMs += 60_000;
    await notices.deliver();
    if (posts() > before) postedAfterMinutes.push(minute);
  }
  expect(postedAfterMinutes).toEqual([1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363]);
  nowMs += 7 * 24 * 3_600_000;
  const before = posts();
  await notices.deliver();
  expect(posts()).toBe(before);
});

test("what is known of one token's end withdraws nothing about another's", async () => {
  const notices = openNotices();
  const refused = { body: { ok: false, error: "is_archived" } };
  const ends: TokenNotice = {
    kind: "expiring",
    clientId: CLIENT_ID,
    expiresAt: "2026-11-30T12:00:00.000Z",
    milestoneDays: 7,
  };
  slack.answer("chat.postMessage", refused, { body: { ok: true, ts: "1.1" } });
  await notices.expiryKnown(CLIENT_ID, ends);
  await notices.expiryKnown("another.access", undefined);
  nowMs += 60_000;
  await notices.deliver();
  expect(posts()).toBe(2);
});

test("many that come at once are all posted, each once", async () => {
  const notices = openNotices();
  const many = Array.from({ length: 20 }, (_, index) => ({ ...NOTICE, pairId: `pair-${index % 10}` }));
  await Promise.all(many.map((notice) => notices.announce(notice)));
  await notices.deliver();
  expect(posts()).toBe(10);
});

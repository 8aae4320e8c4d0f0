import { afterEach, beforeEach, expect, test } from "vitest";
import { forEachStore } from "../../gateway/support/stores.ts";
import { ADMINS, CLIENT_ID, DAY_MS, type WatchedToken, watchToken } from "../support/watched-token.ts";

const ROTATED = { origin: "https://stats.example.com", clientId: CLIENT_ID, pairId: "pair-2" };
const refusal = (error: string, rest: object = {}) => ({ body: { ok: false, error, ...rest } });
const ACCEPTED = { body: { ok: true, ts: "1.1", channel: "C0OPS" } };

forEachStore("notices to the admins", (store) => {
  let it: WatchedToken;
  beforeEach(async () => {
    it = await watchToken(store);
  });
  afterEach(() => it.close());

  test("the token's end is told in the admins' channel at 30, 7 and 1 days, once each, across replicas and a restart", async () => {
    const first = await it.openReplica();
    let second = await it.openReplica();
    for (let days = 40; days > 0; days -= 0.5) {
      it.daysLeft(days);
      await Promise.all([first.look(), second.look()]);
      if (days !== 6) continue;
      await second.stop(5_000);
      second = await it.openReplica();
    }
    expect(it.recipients()).toEqual(["C0OPS", "C0OPS", "C0OPS"]);
    expect(it.titles()).toEqual([
      "🔔 My service token ends in 30 days",
      "🟠 My service token ends in 7 days",
      "🔴 My service token ends in 24 hours",
    ]);
  });

  test("eight replicas that look at the same moment post one notice", async () => {
    const replicas = await Promise.all(Array.from({ length: 8 }, () => it.openReplica()));
    it.daysLeft(6.9);
    await Promise.all(replicas.map((replica) => replica.look()));
    expect(it.recipients()).toEqual(["C0OPS"]);
  });

  test("a bot that slept through two milestones says the nearest alone", async () => {
    const replica = await it.openReplica();
    it.daysLeft(0.5);
    await replica.look();
    expect(it.titles()).toEqual(["🔴 My service token ends in 12 hours"]);
  });

  test("a refreshed token is spoken of again", async () => {
    const replica = await it.openReplica();
    for (const end of ["2027-11-24T12:00:00Z", "2028-11-24T12:00:00Z"]) {
      it.expiresAt = end;
      it.daysLeft(20);
      await replica.look();
    }
    expect(it.titles()).toEqual(["🔔 My service token ends in 20 days", "🔔 My service token ends in 20 days"]);
  });

  test("without a channel each admin is told in private", async () => {
    const replica = await it.openReplica({ users: ["U0ADA", "U0GRACE"] });
    it.daysLeft(6);
    await replica.look();
    expect(it.recipients().toSorted()).toEqual(["U0ADA", "U0GRACE"]);
  });

  test("what Slack refuses is tried again later and not lost, also by a restarted bot; the log says what to do", async () => {
    it.slack.answer("chat.postMessage", refusal("not_in_channel"), ACCEPTED);
    const first = await it.openReplica();
    it.daysLeft(6);
    await first.look();
    await first.look();
    expect(it.recipients()).toHaveLength(1);
    expect(it.logs.join("")).toContain("invite the bot to the channel that BOT_ADMIN_CHANNEL names (/invite @stats)");
    await first.stop(5_000);
    it.clock.nowMs += 61_000;
    const second = await it.openReplica();
    await second.look();
    expect(it.recipients()).toEqual(["C0OPS", "C0OPS"]);
  });

  test("a missing scope is named in the log", async () => {
    it.slack.answer("chat.postMessage", refusal("missing_scope", { needed: "chat:write", provided: "commands" }));
    const replica = await it.openReplica();
    it.daysLeft(6);
    await replica.look();
    expect(it.logs.join("")).toContain("missing_scope: chat:write");
  });

  test("a token that was refreshed while its notice could not be posted is not spoken of", async () => {
    it.slack.answer("chat.postMessage", refusal("not_in_channel"), ACCEPTED);
    const replica = await it.openReplica();
    it.daysLeft(6);
    await replica.look();
    it.expiresAt = "2029-11-24T12:00:00Z";
    it.clock.nowMs += DAY_MS;
    await replica.look();
    expect(it.recipients()).toHaveLength(1);
  });

  test("a rotation that two replicas pick up is told to each admin once; the log of each has one line", async () => {
    const [first, second] = [await it.openReplica(), await it.openReplica()];
    first.rotated(ROTATED);
    second.rotated(ROTATED);
    await Promise.all([first.look(), second.look()]);
    await first.stop(5_000);
    const third = await it.openReplica();
    third.rotated(ROTATED);
    await third.look();
    expect(it.recipients().toSorted()).toEqual(["U0ADA", "U0GRACE"]);
    expect(it.titles()[0]).toBe("🔑 My service token has a new secret");
    expect(it.logs.filter((line) => line.includes("was rotated"))).toHaveLength(3);
  });

  test("an admin who cannot be reached keeps nobody else from being told, and nobody is told twice", async () => {
    const replica = await it.openReplica();
    it.slack.answer("chat.postMessage", refusal("user_not_found"), ACCEPTED);
    replica.rotated(ROTATED);
    await replica.look();
    it.clock.nowMs += 61_000;
    await replica.look();
    it.clock.nowMs += DAY_MS;
    await replica.look();
    const [refused, ...accepted] = it.recipients();
    expect(accepted.toSorted()).toEqual(["U0ADA", "U0GRACE"]);
    expect(accepted).toContain(refused);
  });

  test("the next rotation is told again", async () => {
    const replica = await it.openReplica();
    replica.rotated(ROTATED);
    replica.rotated({ ...ROTATED, pairId: "pair-3" });
    await replica.look();
    expect(it.recipients()).toHaveLength(4);
  });

  test("a replica that dies while it posts loses nothing: after ten minutes another one posts", async () => {
    const posting = Promise.withResolvers<void>();
    const hang = (): Promise<never> => {
      posting.resolve();
      return new Promise(() => undefined);
    };
    const dying = await it.openReplica(ADMINS, hang);
    const other = await it.openReplica();
    it.daysLeft(6);
    void dying.look();
    await posting.promise;
    await other.look();
    expect(it.recipients()).toEqual([]);
    it.clock.nowMs += 10 * 60_000;
    await other.look();
    expect(it.recipients()).toEqual(["C0OPS"]);
  });

  test("where nobody is to be told the log is, once, and no database is opened", async () => {
    const replica = await it.openReplica({ users: [] });
    it.daysLeft(6);
    await replica.look();
    await replica.look();
    expect(it.logs.filter((line) => line.includes("ends within 7 days"))).toHaveLength(1);
    expect(it.recipients()).toEqual([]);
  });

  test("a gateway that cannot be asked, or does not tell, is no notice", async () => {
    it.expiresAt = undefined;
    const replica = await it.openReplica();
    await replica.look();
    expect(it.recipients()).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { encodeTypedText } from "../../local/workspace/chat/typed-text.ts";
import { resolveConfig } from "../../local/workspace/config.ts";
import { createIdentities } from "../../local/workspace/identities.ts";
import type { Message, WorkspaceState } from "../../local/workspace/model.ts";
import { commandOf, completionAt } from "../../local/workspace/page/completion.ts";
import { toTyped } from "../../local/workspace/page/names.ts";
import { channelMessages, initialState, isUnread, reduce, threadMessages } from "../../local/workspace/page/state.ts";
import { ADA, CONFIG, GENERAL } from "./support/workspace.ts";

const config = resolveConfig(CONFIG);
const identities = createIdentities(config);
const workspace = {
  ...identities,
  me: identities.people[0],
  commands: config.commands,
  examples: [],
  sockets: 1,
  readMarks: {},
  latest: {},
  home: null,
  views: [],
} as unknown as WorkspaceState;

const message = (ts: string, more: Partial<Message> = {}): Message => ({
  channel: GENERAL,
  ts,
  author: ADA,
  text: ts,
  ...more,
});

describe("completion", () => {
  const insertsAt = (text: string) => completionAt(text, text.length, workspace)?.items.map(({ insert }) => insert);

  test.each([
    ["/", ["/stats ", "/invite "]],
    ["/st", ["/stats "]],
    ["hello @", ["@stats ", "@ada ", "@grace "]],
    ["@gr", ["@grace "]],
    ["see #pro", ["#product "]],
    ["mail@example", undefined],
    ["hello /st", undefined],
    ["/stats signups", undefined],
    ["@stats", undefined],
  ])("after %j offers %j", (text, inserts) => {
    expect(insertsAt(text)).toEqual(inserts);
  });

  test("the usage hint is that of the command being filled in", () => {
    expect(commandOf("/stats sig", workspace)?.command).toBe("/stats");
    expect(commandOf("/stats", workspace)).toBeUndefined();
  });
});

describe("typed text", () => {
  test.each([
    ["@stats a < b & c", `<@${identities.bot.id}> a &lt; b &amp; c`],
    ["@nobody and mail@stats.example", "@nobody and mail@stats.example"],
    ["see #growth, https://a.example/x.", "see <#C0GROWTH|growth>, <https://a.example/x>."],
    ["(https://a.example/?x=1&y)", "(<https://a.example/?x=1&amp;y>)"],
    ["<https://a.example>", "&lt;<https://a.example>&gt;"],
    ["`@stats` stays", "`@stats` stays"],
    ["<@U0ADA>", "&lt;@U0ADA&gt;"],
    ["@channel", "<!channel>"],
  ])("%s", (typed, encoded) => {
    expect(encodeTypedText(typed, identities)).toBe(encoded);
  });

  test("is recalled as it was typed", () => {
    const typed = "@stats how did @ada do in #growth? a < b & https://a.example/?x=1";
    expect(toTyped(encodeTypedText(typed, identities), workspace)).toBe(typed);
  });
});

describe("state", () => {
  const start = initialState(workspace);

  test("replies stand in their thread, and in the channel only when broadcast", () => {
    const pushed = [message("1"), message("3", { threadTs: "1" }), message("2", { threadTs: "1", isBroadcast: true })];
    const state = pushed.reduce((before, one) => reduce(before, { type: "message", message: one }), start);
    expect(channelMessages(state, GENERAL).map(({ ts }) => ts)).toEqual(["1", "2"]);
    expect(threadMessages(state, { channel: GENERAL, ts: "1" }).map(({ ts }) => ts)).toEqual(["1", "2", "3"]);
  });

  test("a channel is unread from a new message until it is read", () => {
    const received = reduce(start, { type: "message", message: message("5") });
    expect(isUnread(received, GENERAL)).toBe(true);
    expect(isUnread(reduce(received, { type: "read", channel: GENERAL, ts: "5" }), GENERAL)).toBe(false);
  });

  test("an ephemeral message does not make a channel unread", () => {
    expect(isUnread(reduce(start, { type: "message", message: message("5", { onlyFor: ADA }) }), GENERAL)).toBe(false);
  });

  test("a thread that reaches back further leaves no gap in the channel", () => {
    const page = reduce(start, {
      type: "loaded",
      channel: GENERAL,
      messages: [message("5"), message("6")],
      hasOlder: true,
    });
    const state = reduce(page, {
      type: "thread_loaded",
      channel: GENERAL,
      messages: [message("1"), message("2", { threadTs: "1" })],
    });
    expect(channelMessages(state, GENERAL).map(({ ts }) => ts)).toEqual(["5", "6"]);
    expect(state.loaded[GENERAL]?.oldestTs).toBe("5");
    expect(threadMessages(state, { channel: GENERAL, ts: "1" }).map(({ ts }) => ts)).toEqual(["1", "2"]);
  });

  test("what the bot does is known for each thread, until it ends", () => {
    const status = (threadTs: string, text: string) => ({ type: "status", channel: GENERAL, threadTs, text }) as const;
    const state = [status("1", "counts"), status("2", "reads"), status("1", "")].reduce(reduce, start);
    expect(state.statuses).toEqual({ [GENERAL]: { "2": "reads" } });
  });

  test("a deleted message is gone", () => {
    const state = reduce(reduce(start, { type: "message", message: message("1") }), {
      type: "message_deleted",
      channel: GENERAL,
      ts: "1",
    });
    expect(channelMessages(state, GENERAL)).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Workspace } from "../../local/workspace/workspace.ts";
import { type ChatClient, openChat } from "../support/chat-client.ts";
import { ADA, callApi, GENERAL, startWorkspace } from "./support/workspace.ts";

let workspace: Workspace;
let ada: ChatClient;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 23, 12);
  workspace = await startWorkspace(
    { channels: [{ name: "general" }, { name: "closed", hasBot: false }, { name: "shared", isShared: true }] },
    { now: () => nowMs },
  );
  ada = await openChat(workspace.url, ADA);
});

afterEach(async () => {
  ada.close();
  await workspace.close();
});

const call = (method: string, body: object = {}) => callApi(workspace, method, body);
const post = async (body: object = {}) => {
  const { ts } = await call("chat.postMessage", { channel: GENERAL, text: "hello", ...body });
  return String(ts);
};

describe("Web API", () => {
  test("tells the bot who it is", async () => {
    expect(await call("auth.test")).toMatchObject({ ok: true, user_id: workspace.botUserId, team: "Acme Notes" });
  });

  test.each([
    ["an unknown method", "chat.shout", {}, "unknown_method"],
    ["a name that every object has", "constructor", {}, "unknown_method"],
    ["an unknown channel", "chat.postMessage", { channel: "C0NOWHERE", text: "x" }, "channel_not_found"],
    ["a channel that the bot is not in", "chat.postMessage", { channel: "C0CLOSED", text: "x" }, "not_in_channel"],
    ["a message without content", "chat.postMessage", { channel: GENERAL, text: " " }, "no_text"],
    ["a text that is too long", "chat.postMessage", { channel: GENERAL, text: "x".repeat(40_001) }, "msg_too_long"],
    [
      "a thread that does not exist",
      "chat.postMessage",
      { channel: GENERAL, text: "x", thread_ts: "1.0" },
      "thread_not_found",
    ],
    ["blocks that are no list", "chat.postMessage", { channel: GENERAL, blocks: {} }, "invalid_blocks_format"],
    ["a bad block", "chat.postMessage", { channel: GENERAL, blocks: [{ type: "header" }] }, "invalid_blocks"],
    ["no channel at all", "chat.postMessage", { text: "x" }, "invalid_arguments"],
    ["a message that is gone", "chat.update", { channel: GENERAL, ts: "1.0", text: "x" }, "message_not_found"],
    ["an unknown person", "users.info", { user: "U0NOBODY" }, "user_not_found"],
    ["an unknown address", "users.lookupByEmail", { email: "nobody@example.com" }, "users_not_found"],
    [
      "a forged trigger",
      "views.open",
      { trigger_id: "1.2", view: { type: "modal", title: { type: "plain_text", text: "T" }, blocks: [] } },
      "invalid_trigger_id",
    ],
    [
      "another person's direct messages",
      "chat.postEphemeral",
      { channel: "D0ADA", user: "U0GRACE", text: "x" },
      "user_not_in_channel",
    ],
    ["a file that was never uploaded", "files.info", { file: "F0" }, "file_not_found"],
  ])("answers %s with Slack's name for it", async (_case, method, body, error) => {
    expect(await call(method, body)).toMatchObject({ ok: false, error });
  });

  test("names the missing argument, and the place of a bad block", async () => {
    const missing = await call("chat.postMessage", { text: "x" });
    expect(missing["response_metadata"]).toEqual({ messages: ["[ERROR] missing required field: channel"] });
    const bad = await call("blocks.validate", {
      blocks: [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }],
    });
    expect(bad["response_metadata"]).toEqual({
      messages: ["[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"],
    });
  });

  test.each([
    ["no token", undefined, "not_authed"],
    ["a wrong token", "xoxb-wrong", "invalid_auth"],
  ])("refuses %s", async (_case, token, error) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${workspace.apiUrl}auth.test`, { method: "POST", headers });
    expect(await response.json()).toEqual({ ok: false, error });
  });

  test("tells the two tokens apart", async () => {
    expect(await callApi(workspace, "auth.test", {}, workspace.appToken)).toMatchObject({
      error: "not_allowed_token_type",
    });
    expect(await callApi(workspace, "apps.connections.open", {})).toMatchObject({ error: "not_allowed_token_type" });
    const { url } = await callApi(workspace, "apps.connections.open", {}, workspace.appToken);
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/socket-mode\?ticket=/);
  });

  test("reads forms as well as JSON", async () => {
    const blocks = JSON.stringify([{ type: "divider" }]);
    const body = new URLSearchParams({
      token: workspace.botToken,
      channel: "#general",
      text: "form",
      blocks,
      reply_broadcast: "false",
    });
    const response = await fetch(`${workspace.apiUrl}chat.postMessage`, { method: "POST", body });
    expect(await response.json()).toMatchObject({
      ok: true,
      channel: GENERAL,
      message: { blocks: [{ type: "divider" }] },
    });
  });

  test("refuses a person's message to be changed or deleted by the bot", async () => {
    const { ts } = await ada.post(GENERAL, "mine");
    expect(await call("chat.update", { channel: GENERAL, ts, text: "x" })).toMatchObject({
      error: "cant_update_message",
    });
    expect(await call("chat.delete", { channel: GENERAL, ts })).toMatchObject({ error: "cant_delete_message" });
  });

  test("keeps a thread together, also when a reply is answered", async () => {
    const root = await post();
    const first = await post({ thread_ts: root });
    await post({ thread_ts: first });
    const { messages } = await call("conversations.replies", { channel: GENERAL, ts: root });
    expect(messages).toMatchObject([{ ts: root, reply_count: 2 }, { thread_ts: root }, { thread_ts: root }]);
    const history = await call("conversations.history", { channel: GENERAL });
    expect(history["messages"]).toHaveLength(1);
  });

  test("pages through history, newest first", async () => {
    for (const text of ["one", "two", "three"]) await post({ text });
    const first = await call("conversations.history", { channel: GENERAL, limit: 2 });
    expect(first).toMatchObject({ has_more: true, messages: [{ text: "three" }, { text: "two" }] });
    const { next_cursor: cursor } = first["response_metadata"] as { next_cursor: string };
    const second = await call("conversations.history", { channel: GENERAL, limit: 2, cursor });
    expect(second).toMatchObject({ has_more: false, messages: [{ text: "one" }] });
  });

  test("says which channel is shared with another company", async () => {
    expect(await call("conversations.info", { channel: "C0SHARED" })).toMatchObject({
      channel: { is_ext_shared: true },
    });
    expect(await call("conversations.info", { channel: GENERAL })).toMatchObject({
      channel: { is_ext_shared: false, is_member: true },
    });
  });

  test("lets the bot into a channel when a person invites it", async () => {
    expect(await ada.command("C0CLOSED", "/invite @stats")).toEqual({});
    expect(await call("chat.postMessage", { channel: "C0CLOSED", text: "hi" })).toMatchObject({ ok: true });
  });

  test("shows an ephemeral message to its person and to nobody else", async () => {
    const grace = await openChat(workspace.url, "U0GRACE");
    await call("chat.postEphemeral", { channel: GENERAL, user: ADA, text: "psst" });
    expect((await ada.message()).onlyFor).toBe(ADA);
    await post({ text: "for all" });
    expect((await grace.message()).text).toBe("for all");
    grace.close();
    const { messages } = await call("conversations.history", { channel: GENERAL });
    expect(messages).toHaveLength(1);
  });

  test("adds a reaction once", async () => {
    const timestamp = await post();
    const reaction = { channel: GENERAL, timestamp, name: "eyes" };
    expect(await call("reactions.add", reaction)).toEqual({ ok: true });
    expect(await call("reactions.add", reaction)).toMatchObject({ error: "already_reacted" });
    expect(await call("reactions.remove", reaction)).toEqual({ ok: true });
    expect(await call("reactions.remove", reaction)).toMatchObject({ error: "no_reaction" });
  });

  test("refuses to publish over a newer home tab", async () => {
    const view = { type: "home", blocks: [] };
    const first = await call("views.publish", { user_id: ADA, view });
    const { hash } = first["view"] as { hash: string };
    expect(await call("views.publish", { user_id: ADA, view, hash })).toMatchObject({ ok: true });
    expect(await call("views.publish", { user_id: ADA, view, hash })).toMatchObject({ error: "hash_conflict" });
  });

  test("says so to the person when a command or the bot is not there", async () => {
    expect(await ada.command(GENERAL, "/nothing")).toEqual({ failure: "unknown_command" });
    expect((await ada.message()).text).toContain("is not a command here");
    await ada.post("C0CLOSED", "@stats hello?");
    expect((await ada.message(({ onlyFor }) => onlyFor === ADA)).text).toContain("/invite @stats");
  });

  test("answers no person in another's name", async () => {
    const answer = await ada.send("/messages", { as: "U0GRACE", channel: "D0ADA", text: "x" });
    expect(answer).toEqual({ error: "No such channel here." });
  });
});

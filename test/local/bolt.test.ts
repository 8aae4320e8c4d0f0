import type { App } from "@slack/bolt";
import type { ModalView } from "@slack/types";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Push } from "../../local/workspace/model.ts";
import type { Workspace } from "../../local/workspace/workspace.ts";
import { type ChatClient, openChat } from "../support/chat-client.ts";
import { type StartedBolt, startBolt } from "./support/bolt-app.ts";
import { ADA, GENERAL, startWorkspace } from "./support/workspace.ts";

const DIRECT = "D0ADA";
let workspace: Workspace;
let bolt: StartedBolt;
let ada: ChatClient;
/** What the app's listeners saw. */
let seen: string[];

const button = {
  type: "button",
  text: { type: "plain_text", text: "More" },
  action_id: "more",
  value: "page-2",
} as const;
const withButton = [{ type: "actions", block_id: "row", elements: [button] } as const];
const modal: ModalView = {
  type: "modal",
  callback_id: "subscribe",
  title: { type: "plain_text", text: "Subscribe" },
  submit: { type: "plain_text", text: "Save" },
  blocks: [
    {
      type: "input",
      block_id: "name",
      label: { type: "plain_text", text: "Name" },
      element: { type: "plain_text_input", action_id: "value" },
    },
  ],
};

function register(app: App): void {
  app.command("/stats", async ({ command, ack, respond, say }) => {
    seen.push(`command ${command.text}`);
    if (command.text === "silent") return;
    await ack(command.text === "hello" ? { text: "Hello back" } : undefined);
    if (command.text === "ask") await say({ text: "More?", blocks: withButton });
    if (command.text === "private") await respond("only for you");
  });
  app.event("app_mention", async ({ event, say, setStatus, body, context }) => {
    seen.push(`mention ${body.event_id} ${context.retryNum ?? "-"}`);
    await setStatus?.({ status: "is counting…" });
    await say({ text: `heard: ${event.text}`, thread_ts: event.ts });
  });
  app.message(async ({ message, say }) => {
    if (message.channel_type === "im") await say("pong");
  });
  app.action("more", async ({ ack, respond, body, action }) => {
    await ack();
    seen.push(`action ${"value" in action ? action.value : ""} by ${body.user.id}`);
    await respond({ replace_original: true, text: "Here is more" });
  });
  app.action("open", async ({ ack, body, client }) => {
    await ack();
    if ("trigger_id" in body) await client.views.open({ trigger_id: body.trigger_id, view: modal });
  });
  app.view("subscribe", async ({ ack, view }) => {
    const name = view.state.values["name"]?.["value"]?.value ?? "";
    seen.push(`submitted ${name}`);
    if (name === "bad") await ack({ response_action: "errors", errors: { name: "Choose another" } });
    else await ack();
  });
  app.event("app_home_opened", async ({ event, client }) => {
    const text = { type: "mrkdwn", text: "Your subscriptions" } as const;
    await client.views.publish({ user_id: event.user, view: { type: "home", blocks: [{ type: "section", text }] } });
  });
}

beforeEach(async () => {
  seen = [];
  workspace = await startWorkspace({ ackTimeoutMs: 400, retryDelaysMs: [10, 10] });
  bolt = await startBolt(workspace, register);
  ada = await openChat(workspace.url, ADA);
});

afterEach(async () => {
  ada.close();
  await bolt.stop();
  await workspace.close();
});

const isBots = (message: { author: string }) => message.author === workspace.botUserId;

describe("an unmodified Bolt app", () => {
  test("answers a slash command in its acknowledgement, for the asker only", async () => {
    expect(await ada.command(GENERAL, "/stats hello")).toEqual({});
    expect(await ada.message(isBots)).toMatchObject({ text: "Hello back", onlyFor: ADA, channel: GENERAL });
  });

  test("answers through the response URL", async () => {
    await ada.command(GENERAL, "/stats private");
    expect(await ada.message(isBots)).toMatchObject({ text: "only for you", onlyFor: ADA });
  });

  test("is told of a command that it does not acknowledge as a timeout to the asker", async () => {
    expect(await ada.command(GENERAL, "/stats silent")).toEqual({ failure: "operation_timeout" });
    expect((await ada.message()).text).toContain("operation_timeout");
  });

  test("answers a mention in its thread, after showing that it works on it", async () => {
    const question = await ada.post(GENERAL, "@stats how many signups < 5 & more?");
    const status = await ada.next((push) => push.type === "status");
    expect(status).toMatchObject({ channel: GENERAL, threadTs: question.ts, text: "is counting…" });
    const answer = await ada.message(isBots);
    expect(answer.threadTs).toBe(question.ts);
    expect(answer.text).toBe(`heard: <@${workspace.botUserId}> how many signups &lt; 5 &amp; more?`);
    const parent = await ada.message((message) => message.ts === question.ts && message.thread !== undefined);
    expect(parent.thread).toMatchObject({ replies: 1, latestTs: answer.ts });
  });

  test("answers a direct message", async () => {
    await ada.post(DIRECT, "ping");
    expect(await ada.message(isBots)).toMatchObject({ text: "pong", channel: DIRECT });
  });

  test("hears a button with its value and replaces the message", async () => {
    await ada.command(GENERAL, "/stats ask");
    const { ts } = await ada.message(isBots);
    expect(await ada.use({ channel: GENERAL, ts }, "row", "more", ["forged"])).toEqual({});
    const changed = await ada.message((message) => message.ts === ts);
    expect(changed).toMatchObject({ text: "Here is more" });
    expect(changed.blocks).toBeUndefined();
    expect(seen).toContain(`action page-2 by ${ADA}`);
  });

  test("opens a modal from a button, sees its inputs, and can refuse them", async () => {
    const blocks = [{ type: "actions", block_id: "row", elements: [{ ...button, action_id: "open" }] }];
    const { ts } = await bolt.app.client.chat.postMessage({ channel: GENERAL, text: "x", blocks });
    await ada.use({ channel: GENERAL, ts: String(ts) }, "row", "open");
    const view = await ada.view();
    const empty = await ada.submit(view.id, {});
    expect(empty.errors).toEqual({ name: "Please complete this required field." });
    const bad = await ada.submit(view.id, { name: { value: ["bad"] } });
    expect(bad.errors).toEqual({ name: "Choose another" });
    expect(await ada.submit(view.id, { name: { value: ["Weekly"] } })).toEqual({});
    expect(seen).toEqual(["submitted bad", "submitted Weekly"]);
    expect((await ada.state()).views).toEqual([]);
  });

  test("publishes a home tab when it is opened", async () => {
    await ada.send("/openings", { tab: "home" });
    const { view } = await ada.next((push) => push.type === "home");
    expect(view.definition.blocks[0]).toMatchObject({ type: "section", text: { text: "Your subscriptions" } });
  });

  test("receives an event twice, under one event id, when told to", async () => {
    await ada.send("/faults", { name: "duplicates", as: undefined });
    await ada.post(GENERAL, "@stats twice");
    await ada.message(isBots);
    await ada.message(isBots);
    const ids = seen.map((line) => line.split(" ")[1]);
    expect(seen).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test("receives an event again, counted as a retry, when its acknowledgement comes too late", async () => {
    await ada.send("/faults", { name: "lateAcks", as: undefined });
    await ada.post(GENERAL, "@stats late");
    await ada.message(isBots);
    await ada.message(isBots);
    expect(seen.map((line) => line.split(" ")[2])).toEqual(["0", "1"]);
  });

  test("reconnects after a disconnect, and gets what happened meanwhile", async () => {
    const isCut = ada.next((push): push is Push & { type: "app" } => push.type === "app" && push.sockets === 0);
    await ada.send("/faults", { name: "disconnect", as: undefined });
    await isCut;
    await ada.post(GENERAL, "@stats are you there?");
    expect((await ada.message(isBots)).text).toContain("are you there?");
  });

  test("waits and repeats a call that was rate-limited", async () => {
    await ada.send("/faults", { name: "rateLimits", as: undefined });
    await bolt.app.client.chat.postMessage({ channel: GENERAL, text: "after all" });
    expect((await ada.message(isBots)).text).toBe("after all");
  });

  test("uploads a file and shares it in a thread", async () => {
    const question = await ada.post(GENERAL, "numbers, please");
    await bolt.app.client.filesUploadV2({
      channel_id: GENERAL,
      thread_ts: question.ts,
      filename: "signups.csv",
      content: "day,signups\n2026-11-22,7\n",
      initial_comment: "As CSV",
    });
    const message = await ada.message(isBots);
    expect(message).toMatchObject({
      text: "As CSV",
      threadTs: question.ts,
      files: [{ name: "signups.csv", bytes: 25 }],
    });
    const response = await fetch(`${workspace.url}/workspace/files/${message.files?.[0]?.id}`);
    expect(response.headers.get("content-disposition")).toContain("attachment");
    expect(await response.text()).toBe("day,signups\n2026-11-22,7\n");
  });

  test("is not asked when no socket is open: the asker learns why", async () => {
    await bolt.stop();
    expect(await ada.command(GENERAL, "/stats hello")).toEqual({ failure: "dispatch_failed" });
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BotFixture, startBotFixture } from "../support/bot-fixture.ts";

let fixture: BotFixture;
beforeEach(async () => {
  fixture = await startBotFixture();
});
afterEach(() => fixture.close());

const queries = () => fixture.stats.calls.flatMap((call) => call.query ?? []);

describe("a mention", () => {
  test("is answered in its thread, with a status while it works and one message", async () => {
    await fixture.mention("<@UBOT> how many active users last month?", { ts: "1800000000.000001" });
    expect(fixture.slack.callsOf("assistant.threads.setStatus")[0]?.args).toMatchObject({
      channel_id: "C1",
      thread_ts: "1800000000.000001",
      status: expect.stringContaining("looking up Active users last month"),
    });
    const posts = fixture.slack.callsOf("chat.postMessage");
    expect(posts).toHaveLength(1);
    expect(posts[0]?.args).toMatchObject({
      thread_ts: "1800000000.000001",
      text: expect.stringContaining("Active users, Oct 2026"),
      unfurl_links: "false",
    });
  });

  test("where Slack refuses the status, a placeholder becomes the answer", async () => {
    fixture.slack.answer("assistant.threads.setStatus", { body: { ok: false, error: "missing_scope" } });
    await fixture.mention("<@UBOT> signups");
    expect(fixture.slack.callsOf("chat.postMessage")).toHaveLength(1);
    expect(String(fixture.slack.callsOf("chat.update")[0]?.args["text"])).toContain("Signups");
  });

  test("redelivered, or seen again under another event id, it is answered once", async () => {
    const event = { ts: "1800000000.000009" };
    await fixture.mention("<@UBOT> signups", event, { event_id: "Ev1" });
    await fixture.mention("<@UBOT> signups", event, { event_id: "Ev1" });
    await fixture.mention("<@UBOT> signups", event, { event_id: "Ev2" });
    expect(fixture.slack.callsOf("chat.postMessage")).toHaveLength(1);
  });

  test("a follow-up in the thread keeps what was asked before", async () => {
    await fixture.mention("<@UBOT> signups last 7 days in Germany", { ts: "1800000000.000005" });
    await fixture.mention("<@UBOT> and by plan?", { thread_ts: "1800000000.000005" });
    expect(queries()[1]).toMatchObject({
      metric: "signups",
      range: { from: "2026-11-16" },
      breakdown: "plan",
      filters: [{ dimension: "country", values: ["DE"] }],
    });
  });

  test("alone, or unreadable, it gets help or examples in the thread", async () => {
    await fixture.mention("<@UBOT>");
    await fixture.mention("<@UBOT> what is the weather");
    const [help, examples] = fixture.slack.callsOf("chat.postMessage");
    expect(String(help?.args["text"])).toContain("I answer questions about");
    expect(JSON.stringify(examples?.args["blocks"])).toContain('"action_id":"ask:0"');
  });

  test("in a channel shared with another company it is refused, to the asker alone", async () => {
    await fixture.mention("<@UBOT> signups", {}, { is_ext_shared_channel: true });
    expect(fixture.stats.calls).toEqual([]);
    expect(fixture.slack.callsOf("chat.postMessage")).toEqual([]);
    expect(String(fixture.slack.callsOf("chat.postEphemeral")[0]?.args["text"])).toContain(
      "shared with another company",
    );
  });

  test("shared channels are answered where the operator allows it", async () => {
    const open = await startBotFixture({ allowSharedChannels: true });
    await open.mention("<@UBOT> signups", {}, { is_ext_shared_channel: true });
    expect(open.slack.callsOf("chat.postMessage")).toHaveLength(1);
    await open.close();
  });
});

describe("a direct message", () => {
  test("is a question; the working message becomes the answer", async () => {
    await fixture.directMessage("signups");
    expect(String(fixture.slack.callsOf("chat.postMessage")[0]?.args["text"])).toContain("Looking up");
    expect(fixture.slack.callsOf("chat.update")).toHaveLength(1);
  });

  test("follow-ups go on without a thread", async () => {
    await fixture.directMessage("signups last week");
    await fixture.directMessage("vs last year");
    expect(queries()[1]).toMatchObject({ metric: "signups", range: { from: "2026-11-16" }, compare: "previous_year" });
  });

  test.each([
    ["an edit", { subtype: "message_changed" }],
    ["another bot's message", { bot_id: "BOTHER" }],
    ["a message in a channel", { channel: "C1", channel_type: "channel" }],
  ])("%s is passed over", async (_case, rest) => {
    await fixture.directMessage("signups", rest);
    expect(fixture.slack.calls.map((call) => call.method)).toEqual(["auth.test"]);
  });
});

describe("pressing", () => {
  test("Refresh asks again and replaces the message", async () => {
    const { acks } = await fixture.press({ action_id: "refresh", value: "signups last 7 days vs previous period" });
    expect(acks).toEqual([undefined]);
    expect(fixture.slack.callsOf("respond")[0]?.args).toMatchObject({
      replace_original: true,
      text: expect.stringContaining("Signups"),
    });
  });

  test.each([
    ["change_period", "last month", { range: { from: "2026-10-01" }, breakdown: "country" }],
    ["change_breakdown", "by plan", { range: { from: "2026-11-16" }, breakdown: "plan" }],
  ])("%s follows up the question of its own message", async (actionId, value, expected) => {
    const refresh = { type: "button", action_id: "refresh", value: "signups last 7 days by country" };
    const message = { ts: "1700000000.000001", blocks: [{ type: "actions", elements: [refresh] }] };
    await fixture.press({ action_id: actionId, type: "static_select", selected_option: { value } }, { message });
    expect(queries()[0]).toMatchObject({ metric: "signups", ...expected });
    expect(fixture.slack.callsOf("respond")[0]?.args).toMatchObject({ replace_original: true });
  });

  test("a choice in a private message is answered for all, and the private message goes", async () => {
    const container = { type: "message", message_ts: "1700000000.000002", channel_id: "C1", is_ephemeral: true };
    await fixture.press({ action_id: "ask:0", value: "signups last week" }, { container });
    expect(fixture.slack.callsOf("chat.postMessage")[0]?.args).toMatchObject({
      channel: "C1",
      text: expect.stringContaining("Signups"),
    });
    expect(fixture.slack.callsOf("respond")[0]?.args).toMatchObject({ delete_original: true });
  });

  test("pressed twice by one trigger, it is answered once; a failure leaves the message as it was", async () => {
    const press = (): Promise<unknown> =>
      fixture.press({ action_id: "refresh", value: "signups" }, { trigger_id: "same" });
    await Promise.all([press(), press()]);
    expect(fixture.slack.callsOf("respond")).toHaveLength(1);
    fixture.stats.respond = (_request, response) => void response.writeHead(503).end("{}");
    await fixture.press({ action_id: "refresh", value: "signups" });
    expect(fixture.slack.callsOf("respond")[1]?.args).toMatchObject({
      response_type: "ephemeral",
      replace_original: false,
    });
  });

  test("an example on the Home tab is answered in a direct message", async () => {
    await fixture.press(
      { action_id: "ask:1", value: "signups" },
      { container: { type: "view" }, channel: undefined, response_url: undefined, view: { id: "V9", type: "home" } },
    );
    expect(fixture.slack.callsOf("chat.postMessage")[0]?.args).toMatchObject({ channel: "U1" });
  });
});

describe("the report builder and the Home tab", () => {
  const viewBody = (values: object) => ({
    type: "view_submission",
    team: { id: "T1" },
    user: { id: "U1", team_id: "T1" },
    api_app_id: "A1",
    trigger_id: "tv",
    view: { id: "V1", type: "modal", callback_id: "report", state: { values } },
  });
  const option = (value: string) => ({ selected_option: { value } });
  const chosen = {
    metric: { report_metric: option("signups") },
    period: { value: option("last 7 days") },
    "breakdown:signups": { value: option("country") },
    compare: { value: option("vs same period last year") },
  };

  test("the shortcut opens it; a submission is a question, answered in the chosen channel", async () => {
    await fixture.send({
      type: "shortcut",
      callback_id: "build_report",
      trigger_id: "t0",
      user: { id: "U1" },
      team: { id: "T1" },
    });
    expect(fixture.slack.callsOf("views.open")).toHaveLength(1);
    const { acks } = await fixture.send(viewBody({ ...chosen, channel: { value: { selected_conversation: "C7" } } }));
    expect(acks).toEqual([undefined]);
    expect(queries()[0]).toMatchObject({ metric: "signups", breakdown: "country", compare: "previous_year" });
    expect(fixture.slack.callsOf("chat.postMessage")[0]?.args["channel"]).toBe("C7");
  });

  test("without a channel the report comes to the asker", async () => {
    await fixture.send(viewBody(chosen));
    expect(fixture.slack.callsOf("chat.postMessage")[0]?.args["channel"]).toBe("U1");
  });

  test("another metric offers its own breakdowns", async () => {
    await fixture.directMessage("signups");
    await fixture.press(
      { action_id: "report_metric", type: "static_select", selected_option: { value: "errors" } },
      { container: { type: "view", view_id: "V1" }, channel: undefined, view: { id: "V1", type: "modal", hash: "h1" } },
    );
    const [update] = fixture.slack.callsOf("views.update");
    expect(update?.args).toMatchObject({ view_id: "V1", hash: "h1" });
    expect(JSON.stringify(update?.args["view"])).toContain("breakdown:errors");
    expect(JSON.stringify(update?.args["view"])).not.toContain('"value":"country"');
  });

  test("the Home tab shows metrics and examples, and says so when it cannot", async () => {
    const open = (): Promise<unknown> =>
      fixture.send({
        type: "event_callback",
        team_id: "T1",
        event_id: "EvH",
        authorizations: [{ team_id: "T1", user_id: "UBOT" }],
        event: { type: "app_home_opened", user: "U1", channel: "D1", tab: "home" },
      });
    fixture.stats.respond = (_request, response) => void response.writeHead(503).end("{}");
    await open();
    fixture.stats.respond = undefined;
    await open();
    const [problem, home] = fixture.slack.callsOf("views.publish").map((call) => JSON.stringify(call.args["view"]));
    expect(problem).toContain("cannot be reached");
    expect(home).toContain("Conversion rate");
    expect(home).toContain('"action_id":"ask:0"');
  });
});

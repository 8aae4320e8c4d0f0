import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BotFixture, startBotFixture } from "../support/bot-fixture.ts";

let fixture: BotFixture;
beforeEach(async () => {
  fixture = await startBotFixture();
});
afterEach(() => fixture.close());

const textOf = (call: { args: Readonly<Record<string, unknown>> } | undefined): string => String(call?.args["text"]);

describe("/stats", () => {
  test("is acknowledged with nothing, shows that it works, and turns that into the answer", async () => {
    const { acks } = await fixture.command("signups last 7 days by country vs previous week");
    expect(acks).toEqual([undefined]);
    const [placeholder, ...more] = fixture.slack.callsOf("chat.postMessage");
    expect(textOf(placeholder)).toContain("Looking up");
    expect(more).toEqual([]);
    const [answer] = fixture.slack.callsOf("chat.update");
    expect(textOf(answer)).toContain("Signups, 16 – 22 Nov 2026: 700 (▲ 25 % vs 9 – 15 Nov 2026)");
    const blocks = JSON.stringify(answer?.args["blocks"]);
    expect(blocks).toContain("data_visualization");
    expect(blocks).toContain("data_table");
    expect(blocks).toContain("<@U1> asked: /stats signups last 7 days by country vs previous week");
  });

  test("asks the stats app exactly what was meant, under one trace", async () => {
    await fixture.command("flights in February 2001 by origin top 5");
    const query = fixture.stats.calls.find((call) => call.query !== undefined);
    expect(query).toMatchObject({
      path: "/api/v1/query",
      query: { metric: "flights", range: { from: "2001-02-01", to: "2001-03-01" }, breakdown: "origin", limit: 5 },
    });
    const line = fixture.logs.map((text) => JSON.parse(text)).find((one) => one.msg === "question");
    expect(line).toMatchObject({
      surface: "command",
      userId: "U1",
      channelId: "C1",
      metric: "flights",
      outcome: "answer",
    });
    expect(query?.traceparent).toContain(line.traceId);
  });

  test("delivered twice, it is answered once", async () => {
    await Promise.all([1, 2].map(() => fixture.command("signups", { trigger_id: "same" })));
    expect(fixture.slack.callsOf("chat.postMessage")).toHaveLength(1);
    expect(fixture.stats.calls.filter((call) => call.path === "/api/v1/query")).toHaveLength(1);
  });

  test("questions back go to the asker alone, with buttons", async () => {
    await fixture.command("signps last week");
    expect(fixture.slack.callsOf("chat.postMessage")).toEqual([]);
    const [reply] = fixture.slack.callsOf("respond");
    expect(reply?.args).toMatchObject({ response_type: "ephemeral", text: expect.stringContaining("“signps”") });
    expect(JSON.stringify(reply?.args["blocks"])).toContain('"value":"signups last week"');
  });

  test.each([
    ["", "I answer questions about Acme Notes"],
    ["help", "I answer questions about Acme Notes"],
    ["metrics", "Metrics: Signups, Active users"],
  ])("%j explains, to the asker alone", async (text, start) => {
    await fixture.command(text);
    expect(fixture.slack.callsOf("respond")[0]?.args).toMatchObject({
      response_type: "ephemeral",
      text: expect.stringContaining(start),
    });
  });

  test("in a channel that the bot is not in, the answer goes through the response URL, for all", async () => {
    fixture.slack.answer("chat.postMessage", { body: { ok: false, error: "not_in_channel" } });
    await fixture.command("signups");
    expect(fixture.slack.callsOf("respond")).toHaveLength(1);
    expect(fixture.slack.callsOf("respond")[0]?.args).toMatchObject({
      response_type: "in_channel",
      unfurl_links: false,
    });
  });

  test("a channel shared with another company gets no numbers", async () => {
    fixture.slack.answer("conversations.info", { body: { ok: true, channel: { id: "C1", is_ext_shared: true } } });
    await fixture.command("signups");
    expect(fixture.stats.calls).toEqual([]);
    const replies = fixture.slack.callsOf("respond");
    expect(replies).toHaveLength(1);
    expect(replies[0]?.args).toMatchObject({
      response_type: "ephemeral",
      text: expect.stringContaining("shared with another company"),
    });
  });

  test("a channel that cannot be looked into gets the answer for the asker alone", async () => {
    fixture.slack.answer("conversations.info", { body: { ok: false, error: "channel_not_found" } });
    await fixture.command("signups");
    expect(fixture.slack.callsOf("chat.postMessage")).toEqual([]);
    expect(fixture.slack.callsOf("respond")[0]?.args).toMatchObject({
      response_type: "ephemeral",
      text: expect.stringContaining("3,000"),
    });
  });

  test("blocks that Slack does not take yet are sent again without chart and table", async () => {
    fixture.slack.answer("chat.update", { body: { ok: false, error: "invalid_blocks" } }, { body: { ok: true } });
    await fixture.command("signups by country");
    const [full, plain] = fixture.slack.callsOf("chat.update").map((call) => JSON.stringify(call.args["blocks"]));
    expect(full).toContain("data_visualization");
    expect(plain).not.toMatch(/data_visualization|data_table/);
    expect(plain).toContain("Germany");
  });

  test("a rate limit of Slack's is waited for", async () => {
    fixture.slack.answer(
      "chat.update",
      { body: { ok: false, error: "ratelimited" }, status: 429, headers: { "retry-after": "1" } },
      { body: { ok: true } },
    );
    await fixture.command("signups");
    expect(fixture.slack.callsOf("chat.update")).toHaveLength(2);
  });

  test("`report` opens the builder, at first without the list of metrics", async () => {
    await fixture.command("report");
    expect(fixture.slack.callsOf("views.open")[0]?.args).toMatchObject({
      view: { type: "modal", callback_id: "report" },
    });
    expect(JSON.stringify(fixture.slack.callsOf("views.update")[0]?.args["view"])).toContain("Active users");
  });
});

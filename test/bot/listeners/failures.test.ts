import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BOT_TOKEN, type BotFixture, CLIENT_SECRET, startBotFixture } from "../support/bot-fixture.ts";

let fixture: BotFixture;
beforeEach(async () => {
  fixture = await startBotFixture();
});
afterEach(() => fixture.close());

const json = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
const failure = (code: string, rest: object = {}): object => ({
  error: { code, message: "No.", requestId: "f".repeat(32), ...rest },
});

describe("when the stats app fails", () => {
  test.each<[string, number, object, string, string]>([
    [
      "does not know the token",
      401,
      failure("ERR_ASSERTION_MISSING"),
      "ERR_BOT_STATS_UNAUTHENTICATED",
      "does not accept my credentials",
    ],
    ["has no policy for it", 403, failure("ERR_FORBIDDEN"), "ERR_BOT_STATS_FORBIDDEN", "not allowed to see"],
    [
      "does not know a metric",
      404,
      failure("ERR_QUERY_UNKNOWN_METRIC", { suggestions: ["signups_<total>"] }),
      "ERR_BOT_STATS_QUERY_REFUSED",
      "Did you mean “signups_&lt;total&gt;”?",
    ],
    [
      "has too many points to give",
      400,
      failure("ERR_QUERY_TOO_MANY_BUCKETS"),
      "ERR_BOT_STATS_TOO_MANY_POINTS",
      "`per month`",
    ],
    ["counts for too long", 503, failure("ERR_QUERY_TIMEOUT"), "ERR_BOT_STATS_TIMEOUT", "took too long"],
    ["is another app", 404, { error: "not found" }, "ERR_BOT_STATS_ANSWER_INVALID", "tell an admin"],
    ["has no store", 503, failure("ERR_STORE_UNAVAILABLE"), "ERR_BOT_STATS_UNAVAILABLE", "cannot be reached right now"],
    ["answers something else", 200, { hello: "world" }, "ERR_BOT_STATS_ANSWER_INVALID", "that I cannot read"],
  ])("it %s: the asker is told what to do, and only the asker", async (_case, status, body, code, advice) => {
    await fixture.command("signups");
    fixture.stats.respond = (_request, response) => json(response, status, body);
    await fixture.command("signups");
    const reply = fixture.slack.callsOf("respond").at(-1);
    expect(reply?.args).toMatchObject({ response_type: "ephemeral", text: expect.stringContaining(advice) });
    const line = fixture.logs.map((text) => JSON.parse(text)).findLast((one) => one.msg === "question");
    expect(line).toMatchObject({ outcome: "failed", code });
    expect(String(reply?.args["text"])).toContain(line.traceId);
  });

  test("nothing keeps saying that it works", async () => {
    await fixture.command("signups");
    fixture.stats.respond = (_request, response) => json(response, 503, {});
    await fixture.command("signups");
    expect(fixture.slack.callsOf("chat.postMessage")).toHaveLength(2);
    expect(fixture.slack.callsOf("chat.delete")).toHaveLength(1);
    await fixture.mention("<@UBOT> signups");
    expect(fixture.slack.callsOf("assistant.threads.setStatus").at(-1)?.args["status"]).toBe("");
    expect(fixture.slack.callsOf("chat.postEphemeral")).toHaveLength(1);
  });

  test("a silent stats app is given up", async () => {
    await fixture.command("signups");
    fixture.stats.respond = () => undefined;
    await fixture.command("signups");
    expect(String(fixture.slack.callsOf("respond").at(-1)?.args["text"])).toContain("took too long");
  });

  test("it works again with the next question", async () => {
    fixture.stats.respond = (_request, response) => json(response, 503, {});
    await fixture.directMessage("signups");
    fixture.stats.respond = undefined;
    await fixture.directMessage("signups");
    const texts = fixture.slack.callsOf("chat.postMessage").map((call) => String(call.args["text"]));
    expect(texts[0]).toContain("cannot be reached");
    expect(String(fixture.slack.callsOf("chat.update").at(-1)?.args["text"])).toContain("Signups");
  });

  test("no log line and no message holds a secret", async () => {
    fixture.stats.respond = (_request, response) => json(response, 401, failure("ERR_X"));
    await fixture.command("signups");
    fixture.slack.answer("chat.postMessage", { body: { ok: false, error: "invalid_auth" } });
    fixture.stats.respond = undefined;
    await fixture.command("signups");
    // auth.test carries the token to Slack itself.
    const written = JSON.stringify([fixture.logs, fixture.slack.calls.filter((call) => call.method !== "auth.test")]);
    expect(written).not.toContain(BOT_TOKEN);
    expect(written).not.toContain(CLIENT_SECRET);
  });
});

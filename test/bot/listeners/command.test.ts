import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BotFixture, startBotFixture } from "../support/bot-fixture.ts";

let fixture: BotFixture;
beforeEach(async () => {
  fixture = await startBotFixture();
});
afterEach(() => fixture.close());

describe("/stats", () => {
  test("is acknowledged with nothing, shows that it works, and turns that into the answer", async () => {
    const { acks } = await fixture.command("signups last 7 days by country vs previous week");
    expect(acks).toEqual([undefined]);
    const [placeholder] = fixture.slack.callsOf("chat.postMessage");
    expect(placeholder?.args["text"]).toContain("Looking up");
    const [answer] = fixture.slack.callsOf("chat.update");
    expect(answer?.args["text"]).toContain("Signups, 16 – 22 Nov 2026: 700 (▲ 25 % vs 9 – 15 Nov 2026)");
    expect(JSON.stringify(answer?.args["blocks"])).toContain("data_visualization");
  });
});

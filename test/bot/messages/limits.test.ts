import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerMessages } from "../../../bot/src/messages/answer.ts";
import { doubtMessage } from "../../../bot/src/messages/candidates.ts";
import { helpMessage, metricsMessage } from "../../../bot/src/messages/help.ts";
import { homeView } from "../../../bot/src/messages/home.ts";
import { reportModal } from "../../../bot/src/messages/report-modal.ts";
import { answerSchema, catalogueSchema } from "../../../bot/src/stats-api.ts";
import { anyAnswer, hostileText } from "../support/arbitrary-answer.ts";
import { expectViewWithinLimits, expectWithinLimits, markupOf } from "../support/limits.ts";

/** Shrinking answers this large takes longer than reading the counterexample. */
const RUNS = { numRuns: 150, endOnFailure: true };

describe("whatever the stats app answers", () => {
  test("the message keeps every limit of Slack's, with and without chart and table", () => {
    fc.assert(
      fc.property(anyAnswer, hostileText, ({ answer, catalogue }, words) => {
        const messages = answerMessages(answer, { catalogue, question: words.slice(0, 400), unread: [words] });
        expectWithinLimits(messages.full);
        expectWithinLimits(messages.plain);
      }),
      RUNS,
    );
  });

  test("no name in it can mention, link or call a channel", () => {
    fc.assert(
      fc.property(anyAnswer, ({ answer, catalogue }) => {
        const { full, plain } = answerMessages(answer, { catalogue, question: "signups", unread: ["<!channel>"] });
        for (const text of [...markupOf(full), ...markupOf(plain)]) expect(text).not.toMatch(/[<>]/);
      }),
      RUNS,
    );
  });

  test("help, metrics, home and the report builder keep the limits too", () => {
    fc.assert(
      fc.property(anyAnswer, ({ catalogue }) => {
        expectWithinLimits(helpMessage(catalogue));
        expectWithinLimits(metricsMessage(catalogue));
        expectViewWithinLimits(homeView(catalogue));
        expectViewWithinLimits(reportModal(catalogue));
      }),
      RUNS,
    );
  });

  test("a doubt keeps the limits and escapes what was typed", () => {
    fc.assert(
      fc.property(hostileText, fc.array(hostileText, { maxLength: 9 }), (text, labels) => {
        const candidates = labels.map((label) => ({ label, question: label }));
        const message = doubtMessage({ kind: "doubt", about: text || "?", candidates }, text);
        expectWithinLimits(message);
        for (const markup of markupOf(message)) expect(markup).not.toMatch(/[<>]/);
      }),
      RUNS,
    );
  });

  test("a doubt quotes what Slack has escaped already as it was typed", () => {
    const message = doubtMessage({ kind: "doubt", about: "?", candidates: [] }, "a &lt;b&gt; &amp; c & <d>");
    expect(markupOf(message)).toContain("You asked: a &lt;b&gt; &amp; c &amp; &lt;d&gt;");
  });

  test("the fixtures themselves keep the contract", () => {
    fc.assert(
      fc.property(anyAnswer, ({ answer, catalogue }) => {
        expect(answerSchema.safeParse(answer).error).toBeUndefined();
        expect(catalogueSchema.safeParse(catalogue).error).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });
});

import { createStatsClient } from "@gatehouse/bot";
import { startTrace } from "@gatehouse/service";
import { openState } from "../../local/state.ts";
import { discard, type LocalStack, startLocalStack } from "../e2e/support/local-stack.ts";
import { joinChat } from "../e2e/support/person.ts";
import { type Bench, median } from "./figure.ts";

/** What a team asks in a morning: totals, series, breakdowns, uniques and ratios over the sample year. */
const QUESTIONS = [
  "signups last 7 days by country vs previous week",
  "how many active users last month?",
  "revenue this quarter by plan",
  "errors per hour yesterday",
  "order conversion last 90 days by channel",
  "average load time last 30 days on ios",
  "active users this year by month",
  "notes created last week vs last year",
];
const ROUNDS = 6;
const WARM_UP_ROUNDS = 1;

export const bench: Bench = {
  about:
    "a question typed in the local chat until its finished answer is posted, sample data (about 1 M events); " +
    "beside it, in turn, the bare query through gateway and stats app",
  async run(print) {
    const stack = await startLocalStack();
    const ada = await joinChat(stack.chatUrl);
    try {
      const asked: number[] = [];
      const bare: number[] = [];
      for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
        for (const question of QUESTIONS) {
          const answerMs = await timeOf(() => ada.ask(`@stats ${question}`));
          const queryMs = await bareQuery(stack);
          if (round < 0) continue;
          asked.push(answerMs);
          bare.push(queryMs);
        }
      }
      return report(asked, bare, print);
    } finally {
      ada.close();
      await discard(stack);
    }
  },
};

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** The peer: what the numbers alone cost. A warm client, one query with a breakdown and a comparison. */
async function bareQuery({ statsUrl, folder }: LocalStack): Promise<number> {
  const { serviceToken } = openState(folder, Date.now());
  if (serviceToken === undefined) throw new TypeError("the start made no service token");
  const client = createStatsClient({ url: statsUrl, timeoutMs: 60_000, ...serviceToken });
  try {
    await client.metrics(startTrace());
    const range = { from: "2026-11-09", to: "2026-11-16" };
    const query = { metric: "signups", range, breakdown: "country", compare: "previous_period" } as const;
    return await timeOf(() => client.query(query, startTrace()));
  } finally {
    await client.close();
  }
}

function report(asked: number[], bare: number[], print: (line: string) => void) {
  const sorted = asked.toSorted((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
  print(`questions  ${asked.length}`);
  print(
    `question   p50 ${median(asked).toFixed(0)} ms   p95 ${p95.toFixed(0)} ms   max ${sorted.at(-1)?.toFixed(0)} ms`,
  );
  print(`bare query p50 ${median(bare).toFixed(0)} ms`);
  return [
    { name: "question p50", value: median(asked), unit: "ms", better: "less", floor: 400, aim: 120 } as const,
    { name: "question p95", value: p95, unit: "ms", better: "less", floor: 900, aim: 300 } as const,
  ];
}

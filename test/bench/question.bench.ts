import { staticCredentials } from "@gatehouse/access-client";
import { createStatsClient } from "@gatehouse/bot";
import { startTrace } from "@gatehouse/service";
import { botCredentials } from "../e2e/support/bot-credentials.ts";
import { discard, type LocalStack, startLocalStack } from "../e2e/support/local-stack.ts";
import { joinChat } from "../e2e/support/person.ts";
import { launchBrowser } from "../support/browser.ts";
import { chromiumPath } from "../support/requirements.ts";
import { type Bench, type Figure, median } from "./figure.ts";

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
      return [...report(asked, bare, print), ...(await inBrowser(stack.chatUrl, print))];
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

/** From Enter in the page to a drawn chart and a table, where this machine has a browser. */
async function inBrowser(chatUrl: string, print: (line: string) => void): Promise<Figure[]> {
  if (chromiumPath === undefined) return [];
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(chatUrl);
    // A channel that nothing was asked in yet.
    await page
      .getByRole("button", { name: /growth/ })
      .or(page.getByRole("link", { name: /growth/ }))
      .first()
      .click();
    const composer = page.getByRole("combobox", { name: "Message #growth", exact: true });
    const shown: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = await page.getByTestId("message").count();
      await composer.fill("/stats signups last 7 days by country vs previous week");
      const report = page.getByTestId("message").nth(before);
      const drawn = async (): Promise<void> => {
        await composer.press("Enter");
        await report.getByTestId("chart").locator("svg").waitFor();
        await report.getByRole("table").waitFor();
      };
      shown.push(await timeOf(drawn));
    }
    print(`in the page p50 ${median(shown).toFixed(0)} ms`);
    return [
      {
        name: "question to drawn report p50",
        value: median(shown),
        unit: "ms",
        better: "less",
        floor: 2_000,
        aim: 500,
      },
    ];
  } finally {
    await browser.close();
  }
}

/** The peer: what the numbers alone cost. A warm client, one query with a breakdown and a comparison. */
async function bareQuery({ statsUrl, folder }: LocalStack): Promise<number> {
  const credentials = staticCredentials(botCredentials(folder));
  const client = createStatsClient({ url: statsUrl, timeoutMs: 60_000, credentials });
  try {
    await client.metrics(startTrace());
    const range = { from: "2026-11-09", to: "2026-11-16" };
    const query = { metric: "signups", range, breakdown: "country", compare: "previous_period" } as const;
    return await timeOf(() => client.query(query, startTrace()));
  } finally {
    await client.close();
  }
}

function report(asked: number[], bare: number[], print: (line: string) => void): Figure[] {
  const sorted = asked.toSorted((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
  print(`questions  ${asked.length}`);
  print(
    `question   p50 ${median(asked).toFixed(0)} ms   p95 ${p95.toFixed(0)} ms   max ${sorted.at(-1)?.toFixed(0)} ms`,
  );
  print(`bare query p50 ${median(bare).toFixed(0)} ms`);
  return [
    { name: "question p50", value: median(asked), unit: "ms", better: "less", floor: 400, aim: 120 },
    { name: "question p95", value: p95, unit: "ms", better: "less", floor: 900, aim: 300 },
  ];
}

import { staticCredentials } from "@gatehouse/access-client";
import { createStatsClient } from "@gatehouse/bot";
import { startTrace } from "@gatehouse/service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { botCredentials } from "./support/bot-credentials.ts";
import { discard, type LocalStack, startLocalStack } from "./support/local-stack.ts";

const QUESTIONS = 1_000;

let stack: LocalStack;

beforeAll(async () => {
  stack = await startLocalStack({ env: { LOCAL_SAMPLE_DATA: "false" } });
});
afterAll(() => discard(stack));

test("a thousand questions at once on a cold client cause exactly one exchange", async () => {
  const credentials = staticCredentials(botCredentials(stack.folder));
  const client = createStatsClient({ url: stack.statsUrl, timeoutMs: 60_000, credentials });
  const before = stack.log.length;
  const range = { from: "2026-11-01", to: "2026-11-08" };
  const answers = await Promise.all(
    Array.from({ length: QUESTIONS }, () => client.query({ metric: "signups", range }, startTrace())),
  );
  await client.close();
  expect(answers).toHaveLength(QUESTIONS);
  const requests = stack.log.slice(before).filter(({ app, msg }) => app === "gateway" && msg === "request");
  expect(requests.filter(({ credential }) => credential === "pair")).toHaveLength(1);
  expect(requests.filter(({ credential }) => credential === "token")).toHaveLength(QUESTIONS);
});

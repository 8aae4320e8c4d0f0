import { afterAll, beforeAll, expect, test } from "vitest";
import { discard, type LocalStack, startLocalStack } from "./support/local-stack.ts";
import { joinChat, type Person } from "./support/person.ts";

let stack: LocalStack;
let ada: Person;

beforeAll(async () => {
  stack = await startLocalStack({ env: { LOCAL_SAMPLE_DATA: "false" } });
  ada = await joinChat(stack.chatUrl);
});
afterAll(async () => {
  ada.close();
  await discard(stack);
});

test("one trace id follows a question from the bot through the gateway to the stats app", async () => {
  await ada.ask("@stats signups last week");
  // The line is written once the answer stands.
  const question = () => stack.log.find(({ app, msg }) => app === "bot" && msg === "question");
  await expect.poll(question).toBeDefined();
  const asked = question();
  expect(asked?.["traceId"]).toMatch(/^[0-9a-f]{32}$/);
  const along = stack.log.filter(({ traceId, msg }) => traceId === asked?.["traceId"] && msg === "request");
  const passed = along.map(({ app, path, status }) => `${app} ${path} ${status}`);
  expect(passed).toContain("gateway /api/v1/query 200");
  expect(passed).toContain("stats-app /api/v1/query 200");
});

test("a trace that a client brings is kept", async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  await fetch(`${stack.dashboardUrl}/api/v1/metrics`, {
    headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
  });
  expect(stack.log.some((line) => line["app"] === "gateway" && line["traceId"] === traceId)).toBe(true);
});

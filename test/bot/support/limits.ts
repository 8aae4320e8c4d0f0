import { expect } from "vitest";
import type { Message } from "../../../bot/src/messages/blocks.ts";
import { checkMessageBlocks, checkView } from "../../../local/workspace/blocks/validate.ts";

/** Slack cuts a message's text at 40,000 characters; what people read well is far less. */
const MAX_TEXT = 4_000;

/** Holds a message to Slack's limits, by the local workspace's own checker, which knows nothing of ours. */
export function expectWithinLimits({ text, blocks }: Message): void {
  expect(text.length).toBeGreaterThan(0);
  expect(text.length).toBeLessThanOrEqual(MAX_TEXT);
  expect(text.isWellFormed()).toBe(true);
  expect(checkMessageBlocks(JSON.parse(JSON.stringify(blocks)))).not.toHaveProperty("problems");
}

export function expectViewWithinLimits(view: object): void {
  expect(checkView(JSON.parse(JSON.stringify(view)))).not.toHaveProperty("problems");
}

/** Every text in a message that Slack reads as markup. */
export function markupOf({ text, blocks }: Message): string[] {
  const found: string[] = [text];
  JSON.stringify(blocks, (_key, value: unknown) => {
    if (typeof value === "object" && value !== null && "type" in value && value.type === "mrkdwn" && "text" in value) {
      found.push(String(value.text));
    }
    return value;
  });
  return found;
}

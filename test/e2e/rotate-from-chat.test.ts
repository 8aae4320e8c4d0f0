import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChatClient, type Message, openChat } from "../support/chat-client.ts";
import { botCredentials } from "./support/bot-credentials.ts";
import { discard, type LocalStack, startLocalStack } from "./support/local-stack.ts";

const GENERAL = "C0GENERAL";
const TIMEOUT_MS = 30_000;

describe("/stats admin, as npm start composes it", () => {
  let stack: LocalStack;
  let ada: ChatClient;
  let sam: ChatClient;
  beforeAll(async () => {
    stack = await startLocalStack({ env: { LOCAL_SAMPLE_DATA: "false" } });
    ada = await openChat(stack.chatUrl, "U0ADA");
    sam = await openChat(stack.chatUrl, "U0SAM");
  });
  afterAll(async () => {
    ada.close();
    sam.close();
    await discard(stack);
  });

  const saying = (text: string) => (message: Message) => JSON.stringify(message).includes(text);

  async function answered(person: ChatClient, line: string, text: string): Promise<Message> {
    const answer = person.message(saying(text), TIMEOUT_MS);
    await person.command(GENERAL, line);
    return answer;
  }

  /** The block that a button stands in. */
  function blockOf(message: Message, actionId: string): string {
    const block = message.blocks?.find((one) => JSON.stringify(one).includes(`"${actionId}"`));
    return (block as { block_id?: string } | undefined)?.block_id ?? "";
  }

  test("an admin rotates the secret by a button, and the next question is answered with the new one", async () => {
    const before = botCredentials(stack.folder);
    const card = await answered(ada, "/stats admin", "Service token");
    expect(JSON.stringify(card)).toContain("version 1");
    const done = ada.message(saying("*Rotated* by"), TIMEOUT_MS);
    const use = ada.use({ channel: GENERAL, ts: card.ts }, blockOf(card, "admin_rotate"), "admin_rotate");
    expect(await use).toEqual({});
    const rotated = JSON.stringify(await done);
    expect(rotated).toContain("and I use it already");
    expect(rotated).toContain("version 2");
    const after = botCredentials(stack.folder);
    expect(after.clientId).toBe(before.clientId);
    expect(after.clientSecret).not.toBe(before.clientSecret);
    expect(readFileSync(join(stack.folder, "bot-credentials.env"), "utf8")).toMatch(/^# The local bot's service token/);
    await answered(ada, "/stats signups last 7 days", "Signups");
    // The end of the old secret's overlap finds nobody who needs it.
    stack.advance(25 * 3_600_000);
    await answered(ada, "/stats signups yesterday", "Signups");
    const seen = rotated + JSON.stringify(stack.log);
    for (const { clientSecret } of [before, after]) expect(seen).not.toContain(clientSecret);
  });

  test("somebody else is told who may", async () => {
    const answer = await answered(sam, "/stats admin", "This is for my admins");
    expect(answer.text).toContain("<@U0ADA> or <@U0GRACE>");
    expect(JSON.stringify(answer)).not.toContain("Expires");
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openChat } from "../support/chat-client.ts";
import { ADA, CONFIG, callApi, GENERAL, startWorkspace } from "./support/workspace.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workspace-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const dataFile = () => join(folder, "chat.sqlite");

test("a second start knows the messages, what was read, and the tokens", async () => {
  const first = await startWorkspace({ dataFile: dataFile() });
  const ada = await openChat(first.url, ADA);
  const message = await ada.post(GENERAL, "remember me");
  await callApi(first, "chat.postMessage", { channel: GENERAL, thread_ts: message.ts, text: "I will" });
  ada.close();
  await first.close();

  const second = await startWorkspace({ dataFile: dataFile() });
  expect(second.botToken).toBe(first.botToken);
  expect(second.appToken).toBe(first.appToken);
  const again = await openChat(second.url, ADA);
  expect((await again.state()).readMarks).toEqual({ [GENERAL]: message.ts });
  const { messages } = await callApi(second, "conversations.replies", { channel: GENERAL, ts: message.ts });
  expect(messages).toMatchObject([{ text: "remember me" }, { text: "I will" }]);
  again.close();
  await second.close();
});

test("time stamps go on from the newest message, even when the clock has gone back", async () => {
  const first = await startWorkspace({ dataFile: dataFile() }, { now: () => 2_000_000_000_000 });
  const before = await callApi(first, "chat.postMessage", { channel: GENERAL, text: "late" });
  await first.close();
  const second = await startWorkspace({ dataFile: dataFile() }, { now: () => 1_900_000_000_000 });
  const after = await callApi(second, "chat.postMessage", { channel: GENERAL, text: "later" });
  await second.close();
  expect(String(after["ts"]) > String(before["ts"])).toBe(true);
});

test("a file that is no database stops the start and says what to do", async () => {
  writeFileSync(dataFile(), "not a database, and long enough to be looked at as one");
  await expect(startWorkspace({ dataFile: dataFile() })).rejects.toMatchObject({
    code: "ERR_LOCAL_CHAT_UNREADABLE",
    message: expect.stringContaining("npm run reset"),
  });
});

test("a file of a newer version is not touched", async () => {
  const database = new DatabaseSync(dataFile());
  database.exec("PRAGMA user_version = 99");
  database.close();
  await expect(startWorkspace({ dataFile: dataFile() })).rejects.toMatchObject({
    code: "ERR_LOCAL_CHAT_UNREADABLE",
  });
});

test.each([
  ["no people", { people: [] }],
  ["a handle with a space", { people: [{ ...CONFIG.people[0], name: "ada park" }] }],
  ["one handle twice", { people: [CONFIG.people[0], CONFIG.people[0]] }],
])("a configuration with %s is the programmer's mistake", async (_case, changes) => {
  await expect(startWorkspace(changes as Partial<typeof CONFIG>)).rejects.toBeInstanceOf(TypeError);
});

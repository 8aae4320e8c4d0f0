import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { methods } from "../../local/workspace/web-api/methods.ts";
import type { Workspace } from "../../local/workspace/workspace.ts";
import { ADA, callApi, GENERAL, startWorkspace } from "./support/workspace.ts";

let workspace: Workspace;
const log: string[] = [];

beforeAll(async () => {
  workspace = await startWorkspace({}, { log });
});
afterAll(async () => {
  await workspace.close();
  expect(log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

const names = [
  "channel",
  "channel_id",
  "user",
  "user_id",
  "ts",
  "text",
  "blocks",
  "view",
  "files",
  "prompts",
  "trigger_id",
  "limit",
  "name",
  "timestamp",
];
const argument = fc.oneof(fc.jsonValue(), fc.constantFrom(GENERAL, ADA, "", "{", "[]"));
const args = fc.dictionary(fc.constantFrom(...names), argument);

test("whatever a method is given, it is answered with ok or with a reason", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(methods)), args, async (method, body) => {
      const answer = await callApi(
        workspace,
        method,
        body,
        method === "apps.connections.open" ? workspace.appToken : undefined,
      );
      expect(answer["ok"] === true || typeof answer["error"] === "string").toBe(true);
      expect(answer["error"]).not.toBe("internal_error");
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["JSON cut short", "application/json", "{", "invalid_json"],
  ["JSON that is a list", "application/json", "[]", "invalid_json"],
  ["a type that Slack does not read", "text/xml", "<a/>", "invalid_post_type"],
  ["a multipart form without its parts", "multipart/form-data; boundary=x", "nothing", "invalid_form_data"],
])("%s is refused by name", async (_case, type, body, error) => {
  const response = await fetch(`${workspace.apiUrl}auth.test`, {
    method: "POST",
    headers: { "content-type": type },
    body,
  });
  expect(await response.json()).toEqual({ ok: false, error });
});

test("an upload that cannot be read is refused", async () => {
  const { upload_url: url } = await callApi(workspace, "files.getUploadURLExternal", { filename: "a.csv", length: 3 });
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  expect((await fetch(String(url), { method: "POST", headers, body: "nothing" })).status).toBe(400);
  expect((await fetch(`${workspace.url}/upload/F0`, { method: "POST", body: "unannounced" })).status).toBe(400);
});

test("a body beyond the limit is refused", async () => {
  const response = await fetch(`${workspace.apiUrl}auth.test`, { method: "POST", body: "x".repeat(2 ** 21) });
  expect(response.status).toBe(413);
});

const paths = ["messages", "commands", "uses", "submissions", "closings", "openings", "reads", "reactions", "faults"];
const fields = ["as", "channel", "text", "threadTs", "ts", "viewId", "use", "state", "tab", "name", "isAdded"];

test("whatever the page's API is given, it refuses or does it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.dictionary(fc.constantFrom(...fields), argument),
      async (path, body) => {
        const response = await fetch(`${workspace.url}/workspace/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ as: ADA, channel: GENERAL, ...body }),
        });
        expect([200, 400, 404]).toContain(response.status);
      },
    ),
    { numRuns: 200 },
  );
});

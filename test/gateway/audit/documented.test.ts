import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AUDIT_EVENTS } from "../../../gateway/src/audit/event-names.ts";

test("docs/operations.md has every event of the audit log, with its meaning, and no other", () => {
  const text = readFileSync(new URL("../../../docs/operations.md", import.meta.url), "utf8");
  const section = text.slice(text.indexOf("### The audit log"), text.indexOf("The actor of a refusal"));
  const rows = [...section.matchAll(/^\| `([a-z_.]+)` +\| (.+?) +\|$/gm)].map(([, event, meaning]) => [event, meaning]);
  expect(rows).toEqual(Object.entries(AUDIT_EVENTS));
});

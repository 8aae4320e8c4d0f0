import { expect, test } from "vitest";
import {
  createFloodGate,
  FLOOD_WINDOW_MS,
  LINES_OF_STRANGERS,
  LINES_PER_SOURCE,
} from "../../../gateway/src/audit/flood.ts";
import { REFUSAL, startAuditLog } from "../support/audit.ts";

const NOW = 1_000_000;

test("of like events from one address the first are written and the rest is counted, once the minute is over", () => {
  const gate = createFloodGate();
  const admitted = Array.from({ length: 1_000 }, () => gate.admits(REFUSAL, NOW)).filter(Boolean);
  expect(admitted).toHaveLength(LINES_PER_SOURCE);
  expect(gate.summaries(NOW + FLOOD_WINDOW_MS - 1)).toEqual([]);
  expect(gate.summaries(NOW + FLOOD_WINDOW_MS)).toEqual([
    { ...REFUSAL, rayId: "", detail: { count: 1_000 - LINES_PER_SOURCE, since: new Date(NOW).toISOString() } },
  ]);
  expect(gate.admits(REFUSAL, NOW + FLOOD_WINDOW_MS)).toBe(true);
  expect(gate.summaries(NOW + 2 * FLOOD_WINDOW_MS)).toEqual([]);
});

test("another reason, event, application or known actor is not held back by it", () => {
  const gate = createFloodGate();
  for (let n = 0; n < 1_000; n += 1) gate.admits(REFUSAL, NOW);
  const bot = { kind: "service_token", clientId: "0f.access" } as const;
  expect(gate.admits({ ...REFUSAL, reason: "policy_denied" }, NOW)).toBe(true);
  expect(gate.admits({ ...REFUSAL, event: "login.failed" }, NOW)).toBe(true);
  expect(gate.admits({ ...REFUSAL, actor: bot }, NOW)).toBe(true);
  expect(gate.admits({ ...REFUSAL, ip: "192.0.2.8" }, NOW)).toBe(true);
  expect(gate.admits({ ...REFUSAL, application: { id: "app-2", name: "Other" } }, NOW)).toBe(true);
});

test("a flood from ever new addresses fills neither the disk nor the memory, and does not hide a known token", () => {
  const gate = createFloodGate();
  const stranger = (n: number) => ({ ...REFUSAL, ip: `2001:db8::${n.toString(16)}` });
  const admitted = Array.from({ length: 100_000 }, (_, n) => gate.admits(stranger(n), NOW)).filter(Boolean);
  expect(admitted).toHaveLength(LINES_OF_STRANGERS);
  const bot = { ...REFUSAL, actor: { kind: "service_token", clientId: "0f.access" } } as const;
  expect(gate.admits(bot, NOW)).toBe(true);
  const summaries = gate.summaries(NOW + FLOOD_WINDOW_MS);
  expect(summaries).toHaveLength(1);
  expect(summaries[0]).toMatchObject({
    ip: "",
    actor: { kind: "unknown" },
    detail: { count: 100_000 - LINES_OF_STRANGERS },
  });
});

test("a clock that was set back does not stop the summaries", () => {
  const gate = createFloodGate();
  for (let n = 0; n < 100; n += 1) gate.admits(REFUSAL, NOW);
  expect(gate.summaries(NOW - FLOOD_WINDOW_MS)).toHaveLength(1);
});

test("changes are all written", () => {
  const gate = createFloodGate();
  const change = { ...REFUSAL, kind: "change", event: "policy.updated" } as const;
  expect(Array.from({ length: 1_000 }, () => gate.admits(change, NOW)).every(Boolean)).toBe(true);
});

test("what a flood left out is told at the stop too", async () => {
  const { audit, store, close } = await startAuditLog("SQLite");
  for (let n = 0; n < 500; n += 1) audit.record(REFUSAL);
  await audit.close();
  const rows = await store.selectFrom("audit_events").select("detail").orderBy("seq").execute();
  expect(rows).toHaveLength(LINES_PER_SOURCE + 1);
  expect(JSON.parse(rows.at(-1)?.detail ?? "")).toMatchObject({ count: 500 - LINES_PER_SOURCE });
  await close();
});

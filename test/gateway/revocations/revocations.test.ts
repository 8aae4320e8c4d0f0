import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@gatehouse/service";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BY_SYSTEM } from "../../../gateway/src/audit/event.ts";
import { openRevocations } from "../../../gateway/src/revocations/revocations.ts";
import { openChangeFeed } from "../../../gateway/src/store/change-feed.ts";
import { openStore, type Store } from "../../../gateway/src/store/store.ts";

const AUD = "a".repeat(64);
const application = { id: "one", name: "One", aud: AUD };
const logger = createLogger({ app: "test", level: "silent" });
const clock = { nowMs: 0 };
const now = () => clock.nowMs;

let folder = "";
let store: Store;
const open = async () => {
  const feed = await openChangeFeed({ store, logger, now });
  return { feed, revocations: await openRevocations({ store, feed, now }) };
};

beforeEach(async () => {
  clock.nowMs = 1_700_000_000_400;
  folder = mkdtempSync(join(tmpdir(), "gatehouse-revocations-"));
  store = await openStore(`file:${join(folder, "gateway.sqlite")}`);
});
afterEach(async () => {
  await store.destroy();
  rmSync(folder, { recursive: true, force: true });
});

test("what was minted in the second of a revoke is before it, and a second revoke in that second is after the first", async () => {
  const { revocations } = await open();
  expect(revocations.notBeforeSeconds(AUD)).toBe(0);
  await revocations.revokeApplication(application, BY_SYSTEM);
  expect(revocations.notBeforeSeconds(AUD)).toBe(1_700_000_001);
  await revocations.revokeApplication(application, BY_SYSTEM);
  expect(revocations.notBeforeSeconds(AUD)).toBe(1_700_000_002);
  clock.nowMs += 60_000;
  await revocations.revokeApplication(application, BY_SYSTEM);
  expect(revocations.notBeforeSeconds(AUD)).toBe(1_700_000_061);
  expect(revocations.notBeforeSeconds("b".repeat(64))).toBe(0);
});

test("another gateway on the store knows it after its next look, and a new one from the start", async () => {
  const [here, there] = [await open(), await open()];
  await here.revocations.revokeApplication(application, BY_SYSTEM);
  await there.feed.poll();
  const later = await open();
  for (const { revocations } of [there, later]) expect(revocations.notBeforeSeconds(AUD)).toBe(1_700_000_001);
  const lines = await store.selectFrom("audit_events").select(["event", "application_id"]).execute();
  expect(lines).toEqual([{ event: "application.revoked", application_id: "one" }]);
});

import { expect, test } from "vitest";
import { openAuditLog } from "../../../gateway/src/audit/audit-log.ts";
import { deleteOldLines } from "../../../gateway/src/audit/retention.ts";
import { DAY_MS, REFUSAL, silentLogger, startAuditLog } from "../support/audit.ts";
import { forEachStore } from "../support/stores.ts";

const CHANGE = { ...REFUSAL, kind: "change", event: "policy.updated" } as const;

forEachStore("retention", (storeName) => {
  test("lines past their time go, in several steps, also when two gateways sweep at once; younger ones stay", async () => {
    const it = await startAuditLog(storeName);
    for (let n = 0; n < 1_300; n += 1) it.audit.record({ ...CHANGE, rayId: "old" });
    it.clock.nowMs += DAY_MS;
    it.audit.record({ ...CHANGE, rayId: "young" });
    expect(await it.all()).toHaveLength(1_301);
    it.clock.nowMs += 89 * DAY_MS + 1;
    const deps = { store: it.store, now: () => it.clock.nowMs, retentionMs: 90 * DAY_MS };
    const { signal } = new AbortController();
    await Promise.all([deleteOldLines(deps, signal), deleteOldLines(deps, signal)]);
    expect((await it.all()).map(({ ray_id }) => ray_id)).toEqual(["young"]);
    await it.close();
  });

  test("a gateway that starts sweeps what became too old while it was down", async () => {
    const it = await startAuditLog(storeName);
    it.audit.record(CHANGE);
    await it.audit.close();
    const later = it.clock.nowMs + 91 * DAY_MS;
    const next = openAuditLog({ store: it.store, logger: silentLogger, now: () => later, retentionMs: 90 * DAY_MS });
    await expect.poll(async () => (await next.query({})).lines.length, { timeout: 10_000 }).toBe(0);
    await next.close();
    await it.close();
  });
});

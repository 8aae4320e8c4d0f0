import { expect, test } from "vitest";
import type { AuditLine } from "../../../gateway/src/audit/audit-line.ts";
import { openAuditLog } from "../../../gateway/src/audit/audit-log.ts";
import { auditRow } from "../../../gateway/src/audit/event.ts";
import { openStore } from "../../../gateway/src/store/store.ts";
import { REFUSAL, silentLogger, startAuditLog, type TestAuditLog } from "../support/audit.ts";
import { forEachStore } from "../support/stores.ts";

/** Collects rays until it has seen so many. */
async function raysOf(batches: AsyncIterable<readonly AuditLine[]>, count: number): Promise<string[]> {
  const rays: string[] = [];
  for await (const lines of batches) {
    rays.push(...lines.map(({ ray_id }) => ray_id));
    if (rays.length >= count) break;
  }
  return rays;
}

/** Takes the first batch, so that the follower knows where "now" is before anything is written. */
async function started(batches: AsyncIterable<readonly AuditLine[]>): Promise<AsyncIterable<readonly AuditLine[]>> {
  const iterator = batches[Symbol.asyncIterator]();
  await iterator.next();
  return { [Symbol.asyncIterator]: () => iterator };
}

const row = (it: TestAuditLog, rayId: string, seq: number) => ({
  ...auditRow({ ...REFUSAL, rayId }, it.clock.nowMs),
  seq,
});

forEachStore("live tail", (storeName) => {
  test("sees what another gateway writes, and only what is asked for", async () => {
    const it = await startAuditLog(storeName);
    it.audit.record({ ...REFUSAL, rayId: "before" });
    await it.all();
    const { signal } = new AbortController();
    const batches = await started(it.audit.follow({ events: ["request.*"] }, signal));
    const store = await openStore(it.databaseUrl);
    const other = openAuditLog({ store, logger: silentLogger, now: () => it.clock.nowMs, retentionMs: 1e12 });
    other.record({ ...REFUSAL, rayId: "one" });
    other.record({ ...REFUSAL, event: "login.failed", rayId: "other" });
    other.record({ ...REFUSAL, rayId: "two" });
    await other.close();
    await store.destroy();
    expect(await raysOf(batches, 2)).toEqual(["one", "two"]);
    await it.close();
  });

  test("a reader that comes back goes on after the line it has", async () => {
    const it = await startAuditLog(storeName);
    for (const rayId of ["one", "two", "three"]) it.audit.record({ ...REFUSAL, rayId });
    const two = (await it.all()).find(({ ray_id }) => ray_id === "two");
    expect(await raysOf(it.audit.follow({}, new AbortController().signal, two?.seq), 1)).toEqual(["three"]);
    await it.close();
  });

  test("a lower number that is committed later is not missed, and none comes twice", async () => {
    const it = await startAuditLog(storeName);
    await it.store
      .insertInto("audit_events")
      .values(row(it, "ten", 10))
      .execute();
    const iterator = it.audit.follow({}, new AbortController().signal)[Symbol.asyncIterator]();
    const rays: string[] = [];
    const readOn = async () => {
      const { value } = await iterator.next();
      rays.push(...((value ?? []) as readonly AuditLine[]).map(({ ray_id }) => ray_id));
    };
    await readOn();
    for (const [rayId, seq] of [
      ["thirteen", 13],
      ["eleven", 11],
      ["fourteen", 14],
      ["twelve", 12],
    ] as const) {
      await it.store
        .insertInto("audit_events")
        .values(row(it, rayId, seq))
        .execute();
      await readOn();
    }
    await readOn();
    expect(rays).toEqual(["thirteen", "eleven", "fourteen", "twelve"]);
    await it.close();
  });

  test("a line that had its number before the reader came, and was committed after, is seen", async () => {
    const it = await startAuditLog(storeName);
    await it.store
      .insertInto("audit_events")
      .values([row(it, "ten", 10), row(it, "twelve", 12)])
      .execute();
    const batches = await started(it.audit.follow({}, new AbortController().signal));
    await it.store
      .insertInto("audit_events")
      .values(row(it, "eleven", 11))
      .execute();
    expect(await raysOf(batches, 1)).toEqual(["eleven"]);
    await it.close();
  });

  test("ends with its signal", async () => {
    const it = await startAuditLog(storeName);
    const stop = new AbortController();
    const ended = raysOf(it.audit.follow({}, stop.signal), 1);
    stop.abort();
    expect(await ended).toEqual([]);
    await it.close();
  });
});

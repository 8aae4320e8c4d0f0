import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { createLogger } from "@gatehouse/service";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { openAuditLog } from "../../../gateway/src/audit/audit-log.ts";
import { MAX_PENDING_LINES } from "../../../gateway/src/audit/audit-writer.ts";
import { openStore } from "../../../gateway/src/store/store.ts";
import { REFUSAL, silentLogger, startAuditLog } from "../support/audit.ts";
import { openLink } from "../support/link.ts";
import { createDatabase, describeOnPostgres, forEachStore } from "../support/stores.ts";

const CHANGE = { ...REFUSAL, kind: "change", event: "policy.updated" } as const;

forEachStore("audit log without its store", (storeName) => {
  test("keeps the newest lines while the store is gone, and tells how many were lost when it is back", async () => {
    const it = await startAuditLog(storeName);
    await sql`alter table audit_events rename to gone`.execute(it.store);
    for (let n = 0; n < MAX_PENDING_LINES + 5_000; n += 1) it.audit.record({ ...CHANGE, rayId: String(n) });
    await expect(it.audit.query({})).rejects.toThrow();
    await sql`alter table gone rename to audit_events`.execute(it.store);
    const lines = await all(it.audit);
    expect(lines.filter(({ event }) => event === "audit.lines_dropped")).toMatchObject([{ detail: { count: 5_000 } }]);
    const kept = lines.filter(({ event }) => event === CHANGE.event).map(({ ray_id }) => Number(ray_id));
    expect(kept).toHaveLength(MAX_PENDING_LINES);
    expect(kept[0]).toBe(MAX_PENDING_LINES + 4_999);
    expect(kept.at(-1)).toBe(5_000);
    expect(it.audit.dropped).toBe(5_000);
    await it.close();
  });

  test("records at full speed and warns once, not with every try", async () => {
    const told: string[] = [];
    const write = (line: string) => {
      const { msg } = JSON.parse(line) as { msg: string };
      // The sweep at the start may come too late for the table.
      if (!msg.startsWith("old audit lines")) told.push(msg);
    };
    const logger = createLogger({ app: "gateway", level: "info", destination: { write } });
    const it = await startAuditLog(storeName, logger);
    await sql`alter table audit_events rename to gone`.execute(it.store);
    it.audit.record(CHANGE);
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(1);
    for (let n = 0; n < 100_000; n += 1) it.audit.record(CHANGE);
    await it.audit.close();
    expect(told).toEqual([
      "audit lines cannot be written: keeping them until the store is back",
      "audit lines were lost at the end",
    ]);
    await it.close();
  });
});

describeOnPostgres("audit log behind a broken network", () => {
  test("a connection that is cut, or hangs, delays lines and loses none; each failure is counted", async () => {
    const link = await openLink((await createDatabase("Postgres")).url);
    let errors = 0;
    const store = await openStore(link.url, () => {
      errors += 1;
    });
    const audit = openAuditLog({ store, logger: silentLogger, now: Date.now, retentionMs: 1e12 });
    const rays = async () => (await audit.query({})).lines.map(({ ray_id }) => ray_id).toReversed();
    audit.record({ ...CHANGE, rayId: "before" });
    expect(await rays()).toEqual(["before"]);
    for (const breakIt of [link.cut, link.freeze]) {
      breakIt();
      audit.record({ ...CHANGE, rayId: "during" });
      const before = errors;
      await expect(audit.query({})).rejects.toThrow();
      expect(errors).toBeGreaterThan(before);
      link.restore();
      await expect.poll(() => rays().catch(() => []), { timeout: 20_000 }).toContain("during");
    }
    expect(await rays()).toEqual(["before", "during", "during"]);
    await audit.close();
    await store.destroy();
    await link.close();
  });
});

test("a SQLite file that another process holds locked delays lines, and loses none", async () => {
  const it = await startAuditLog("SQLite");
  const file = it.databaseUrl.replace(/^file:(?:\/\/)?/, "");
  const other = new DatabaseSync(file.startsWith("file:") ? fileURLToPath(file) : file);
  other.exec("begin immediate");
  it.audit.record(CHANGE);
  expect((await it.audit.query({})).lines).toEqual([]);
  other.exec("commit");
  other.close();
  expect((await it.audit.query({})).lines).toHaveLength(1);
  await it.close();
});

async function all(audit: Awaited<ReturnType<typeof startAuditLog>>["audit"]) {
  return (await audit.query({}, { limit: 100_000 })).lines;
}

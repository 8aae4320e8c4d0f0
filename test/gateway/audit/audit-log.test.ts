import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AuditFilter } from "../../../gateway/src/audit/audit-filter.ts";
import { recordAuditEvent } from "../../../gateway/src/audit/event.ts";
import { DAY_MS, REFUSAL, startAuditLog, type TestAuditLog } from "../support/audit.ts";
import { forEachStore } from "../support/stores.ts";

forEachStore("audit log", (store) => {
  let it: TestAuditLog;
  beforeEach(async () => {
    it = await startAuditLog(store);
  });
  afterEach(() => it.close());

  test("what was recorded a moment ago is found, with all it says", async () => {
    it.audit.record(REFUSAL);
    expect(await it.all()).toEqual([
      {
        seq: expect.any(Number),
        at: "2026-11-23T12:00:00.000Z",
        kind: "access",
        event: "request.refused",
        actor: { kind: "unknown", name: "" },
        ip: "192.0.2.7",
        application: { id: "app-1", name: "Stats" },
        allowed: false,
        reason: "no_credential",
        ray_id: "00f00ba400f00ba4",
        detail: { method: "GET", host: "stats.example.com", path: "/report" },
      },
    ]);
  });

  test("the line of a change that was undone is not there", async () => {
    const { application: _, ...event } = REFUSAL;
    const attempt = it.store.transaction().execute(async (transaction) => {
      await recordAuditEvent(transaction, { ...event, kind: "change", event: "group.created" }, it.clock.nowMs);
      throw new TypeError("undone");
    });
    await expect(attempt).rejects.toThrow("undone");
    expect(await it.all()).toEqual([]);
  });

  test("pages follow one another without a gap or a repetition, while lines are added", async () => {
    for (let n = 1; n <= 7; n += 1) it.audit.record({ ...REFUSAL, rayId: `ray-${n}` });
    const rays: string[] = [];
    let before: number | null | undefined;
    do {
      const page = await it.audit.query({}, { limit: 3, before: before ?? undefined });
      rays.push(...page.lines.map(({ ray_id }) => ray_id));
      it.audit.record({ ...REFUSAL, rayId: "new" });
      before = page.next;
    } while (before !== null);
    expect(rays).toEqual([7, 6, 5, 4, 3, 2, 1].map((n) => `ray-${n}`));
  });

  test("each filter takes its lines and no others", async () => {
    it.audit.record({ ...REFUSAL, rayId: "refusal" });
    it.clock.nowMs += 60_000;
    it.audit.record({
      kind: "access",
      event: "login.allowed",
      actor: { kind: "person", email: "Ada.Li@acme.example" },
      ip: "2001:db8::1",
      rayId: "login",
      isAllowed: true,
      reason: "",
      detail: { identity_provider: "100%_sure!", country: "DE" },
    });
    it.clock.nowMs += 60_000;
    it.audit.record({
      kind: "change",
      event: "service_token.rotated",
      actor: { kind: "api_token", name: "terraform" },
      ip: "",
      rayId: "rotation",
      isAllowed: true,
      reason: "",
    });
    const found: Record<string, readonly string[]> = {};
    const middle = it.clock.nowMs - 60_000;
    const filters: readonly (readonly [AuditFilter, readonly string[]])[] = [
      [{ kind: "change" }, ["rotation"]],
      [{ events: ["login.allowed"] }, ["login"]],
      [{ events: ["login.*", "service_token.*"] }, ["rotation", "login"]],
      [{ events: ["service.*"] }, []],
      [{ actorKind: "person" }, ["login"]],
      [{ actor: "terraform" }, ["rotation"]],
      [{ email: { text: "ada.li@ACME.example", match: "equals" } }, ["login"]],
      [{ email: { text: "@acme", match: "contains" } }, ["login"]],
      [{ email: { text: "terraform", match: "contains" } }, []],
      [{ application: "Stats" }, ["refusal"]],
      [{ application: "app-1" }, ["refusal"]],
      [{ ip: "2001:db8::1" }, ["login"]],
      [{ reason: "no_credential" }, ["refusal"]],
      [{ isAllowed: true }, ["rotation", "login"]],
      [{ isAllowed: false }, ["refusal"]],
      [{ rayId: "login" }, ["login"]],
      [{ sinceMs: middle }, ["rotation", "login"]],
      [{ untilMs: middle }, ["login", "refusal"]],
      [{ sinceMs: middle, untilMs: middle }, ["login"]],
      [{ sinceMs: middle + DAY_MS }, []],
      [{ untilMs: middle - DAY_MS }, []],
      [{ search: "/REPORT" }, ["refusal"]],
      [{ search: "100%_sure!" }, ["login"]],
      [{ search: "1%0" }, []],
      [{ search: "acme_example" }, []],
      [{ detail: { country: "DE" } }, ["login"]],
      [{ detail: { country: "D" } }, []],
      [{ detail: { country: '%"' } }, []],
      [{ also: [{ isAllowed: true }, { kind: "access" }] }, ["login"]],
      [{ except: [{ kind: "change" }, { rayId: "login" }] }, ["refusal"]],
      [{ actor: "' or 1=1 --" }, []],
    ];
    for (const [filter] of filters) {
      found[JSON.stringify(filter)] = (await it.audit.query(filter)).lines.map(({ ray_id }) => ray_id);
    }
    expect(found).toEqual(Object.fromEntries(filters.map(([filter, rays]) => [JSON.stringify(filter), rays])));
  });

  test("few lines are found among many, from either end, past a gap that retention left", async () => {
    const row = { at: "2026-11-23T12:00:00.000Z", kind: "access", event: "logout", actor_kind: "person" } as const;
    const rest = { ip: "", application_id: "", application: "", is_allowed: 1, reason: "", detail: "{}" };
    for (const start of [1, 30_001]) {
      for (let seq = start; seq < start + 12_000; seq += 1_000) {
        const rows = Array.from({ length: 1_000 }, (_, n) => ({
          ...row,
          ...rest,
          seq: seq + n,
          actor: `p${(seq + n) % 6_000}`,
          ray_id: String(seq + n),
        }));
        await it.store.insertInto("audit_events").values(rows).execute();
      }
    }
    const mine = [36_007, 30_007, 6_007, 7];
    expect((await it.audit.query({ actor: "p7" })).lines.map(({ seq }) => seq)).toEqual(mine);
    const upwards: number[] = [];
    for await (const lines of it.audit.scan({ actor: "p7" }, { direction: "oldest_first", skip: 1, limit: 2 })) {
      upwards.push(...lines.map(({ seq }) => seq));
    }
    expect(upwards).toEqual([6_007, 30_007]);
    let lines = 0;
    for await (const batch of it.audit.scan({})) {
      expect(batch.length).toBeLessThanOrEqual(1_000);
      lines += batch.length;
    }
    expect(lines).toBe(24_000);
  });

  test("secrets, NULs and text without an end do not reach the store", async () => {
    const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"x"}').toString("base64url")}.c2lnbmF0dXJl`;
    const secret = `cfast_${"A1".repeat(24)}`;
    it.audit.record({
      ...REFUSAL,
      actor: { kind: "api_token", name: `a\0b ${secret}` },
      reason: jwt,
      detail: { header: `Cf-Access-Client-Secret: ${"ab12".repeat(16)}`, nul: "\0", pair: { secret, jwt } },
    });
    it.audit.record({ ...REFUSAL, rayId: "long", detail: { path: "x".repeat(100_000) } });
    expect(await it.all()).toHaveLength(2);
    const [long, first] = await it.store.selectFrom("audit_events").selectAll().orderBy("seq", "desc").execute();
    for (const part of [secret, "c2lnbmF0dXJl", "ab12ab12", "\0"]) expect(JSON.stringify(first)).not.toContain(part);
    expect(long?.detail.length).toBeLessThan(10_000);
  });

  test("whatever strangers write, each line is stored and read back", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.constantFrom("\0", "\ud800", "'; --", "\\u0000"),
    );
    const texts = fc.record({ ip: text, rayId: text, reason: text, actor: text, host: text, application: text });
    let written = 0;
    await fc.assert(
      fc.asyncProperty(texts, async ({ ip, rayId, reason, actor, host, application }) => {
        const event = { ...REFUSAL, ip, rayId, reason, application: { id: "app-1", name: application } };
        it.audit.record({ ...event, actor: { kind: "person", email: actor }, detail: { host, [host]: [host] } });
        written += 1;
        expect(await it.all()).toHaveLength(written);
      }),
      { numRuns: 100 },
    );
    expect(it.audit.dropped).toBe(0);
  });

  test("an event that cannot be written down is counted, and throws at nobody", async () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    it.audit.record({ ...REFUSAL, detail: circular });
    it.audit.record({ ...REFUSAL, detail: { big: 1n } });
    expect(it.audit.dropped).toBe(2);
    it.audit.record(REFUSAL);
    const lines = await it.all();
    expect(lines.map(({ event, detail }) => [event, detail["count"]])).toEqual([
      ["audit.lines_dropped", 2],
      ["request.refused", undefined],
    ]);
  });
});

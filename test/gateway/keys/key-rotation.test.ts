import { createLogger } from "@gatehouse/service";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BY_COMMAND_LINE } from "../../../gateway/src/audit/event.ts";
import { createKeyRotation, type KeyRotation } from "../../../gateway/src/keys/key-rotation.ts";
import { createSecretBox } from "../../../gateway/src/keys/secret-box.ts";
import { openSigningKeys, type SigningKeys } from "../../../gateway/src/keys/signing-keys.ts";
import { openChangeFeed } from "../../../gateway/src/store/change-feed.ts";
import { openStore, type Store } from "../../../gateway/src/store/store.ts";
import { createDatabase, forEachStore, type TestDatabase } from "../support/stores.ts";

const logger = createLogger({ app: "gateway", level: "silent" });
const box = createSecretBox(Buffer.alloc(32, 7));
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

interface Replica {
  readonly store: Store;
  readonly keys: SigningKeys;
  readonly rotation: KeyRotation;
  close(): Promise<void>;
}

forEachStore("signing keys", (name) => {
  let database: TestDatabase;
  let replicas: Replica[];
  let nowMs: number;
  const now = () => nowMs;
  const open = async (): Promise<Replica> => {
    const store = await openStore(database.url);
    const feed = await openChangeFeed({ store, logger, now, databaseUrl: database.url });
    const keys = await openSigningKeys({ store, feed, box, now });
    const rotation = createKeyRotation({ store, feed, box, logger, now });
    const close = async () => {
      rotation.close();
      feed.close();
      await store.destroy();
    };
    const replica = { store, keys, rotation, close };
    replicas.push(replica);
    return replica;
  };
  const kids = ({ keys }: Replica) => (JSON.parse(keys.certs()) as JSONWebKeySet).keys.map(({ kid }) => kid);
  beforeEach(async () => {
    database = await createDatabase(name);
    replicas = [];
    nowMs = Date.parse("2026-11-23T12:00:00Z");
  });
  afterEach(async () => {
    for (const { close } of replicas) await close();
    database.remove();
  });

  test("several gateways that start on a new database share one key", async () => {
    const all = await Promise.all([open(), open(), open()]);
    expect(new Set(all.map(({ keys }) => keys.current().kid)).size).toBe(1);
    expect(kids(all[0] as Replica)).toHaveLength(1);
  });

  test("a new key is published before it signs, and the old one is believed for seven days after", async () => {
    const it = await open();
    const old = it.keys.current().kid;
    await it.rotation.rotate(BY_COMMAND_LINE);
    expect(kids(it)).toHaveLength(2);
    expect(it.keys.current().kid).toBe(old);
    nowMs += 10 * MINUTE_MS;
    const young = it.keys.current().kid;
    expect(young).not.toBe(old);
    expect(kids(it)).toEqual(expect.arrayContaining([old, young]));
    nowMs += 7 * DAY_MS - 1;
    expect(it.keys.publicKey(old)).toBeDefined();
    nowMs += 1;
    expect(it.keys.publicKey(old)).toBeUndefined();
    expect(kids(it)).toEqual([young]);
  });

  test("whoever kept the key set for as long as allowed can verify every JWT, through a whole rotation", async () => {
    const it = await open();
    let kept = { set: it.keys.certs(), atMs: nowMs };
    await it.rotation.rotate(BY_COMMAND_LINE);
    const signers = new Set<string>();
    for (let minute = 0; minute <= 30; minute += 1) {
      const { kid, privateKey } = it.keys.current();
      signers.add(kid);
      const jwt = await new SignJWT({}).setProtectedHeader({ alg: "RS256", kid }).sign(privateKey);
      await jwtVerify(jwt, createLocalJWKSet(JSON.parse(kept.set)));
      nowMs += MINUTE_MS;
      if (nowMs - kept.atMs >= 5 * MINUTE_MS) kept = { set: it.keys.certs(), atMs: nowMs };
    }
    expect(signers.size).toBe(2);
  });

  test("the schedule rotates after six weeks, once among several gateways, and deletes what has ended", async () => {
    const all = [await open(), await open(), await open()];
    const keepSchedule = () => Promise.all(all.map(({ rotation }) => rotation.keepSchedule()));
    const first = all[0] as Replica;
    nowMs += 42 * DAY_MS - 1;
    await keepSchedule();
    expect(kids(first)).toHaveLength(1);
    nowMs += 1;
    await keepSchedule();
    for (const replica of all) await expect.poll(() => kids(replica), { timeout: 5_000 }).toHaveLength(2);
    nowMs += 8 * DAY_MS;
    await keepSchedule();
    expect(await first.store.selectFrom("signing_keys").select("kid").execute()).toHaveLength(1);
    const audit = await first.store.selectFrom("audit_events").select(["event", "actor_kind"]).execute();
    expect(audit).toEqual([{ event: "signing_key.rotated", actor_kind: "system" }]);
  });

  test("the interval can be set from 21 to 365 days, and holds for all gateways", async () => {
    const [one, two] = [await open(), await open()];
    expect(await one.rotation.settings()).toMatchObject({
      rotationIntervalDays: 42,
      lastRotationAt: "2026-11-23T12:00:00.000Z",
      daysUntilNextRotation: 42,
    });
    expect(await one.rotation.setIntervalDays(21, BY_COMMAND_LINE)).toMatchObject({ daysUntilNextRotation: 21 });
    nowMs += 20.5 * DAY_MS;
    expect(await two.rotation.settings()).toMatchObject({ rotationIntervalDays: 21, daysUntilNextRotation: 1 });
    for (const wrong of [20, 366, 30.5, Number.NaN]) {
      const refused = one.rotation.setIntervalDays(wrong, BY_COMMAND_LINE);
      await expect(refused).rejects.toMatchObject({ code: "ERR_KEY_INTERVAL_INVALID" });
    }
  });

  test("a leaked key ends at once, everywhere", async () => {
    const [one, two] = [await open(), await open()];
    const leaked = one.keys.current().kid;
    await one.rotation.rotate(BY_COMMAND_LINE, { endPreviousNow: true });
    expect(one.keys.publicKey(leaked)).toBeUndefined();
    expect(one.keys.current().kid).not.toBe(leaked);
    await expect.poll(() => two.keys.publicKey(leaked), { timeout: 5_000 }).toBeUndefined();
    expect(kids(two)).toEqual(kids(one));
  });

  test("rotating again and again does not pile up keys that never signed", async () => {
    const it = await open();
    const old = it.keys.current().kid;
    for (let times = 0; times < 4; times += 1) await it.rotation.rotate(BY_COMMAND_LINE);
    expect(kids(it)).toHaveLength(2);
    expect(it.keys.current().kid).toBe(old);
  });

  test("rotations at the same time, by several gateways, follow one another", async () => {
    const all = [await open(), await open(), await open()];
    const old = all[0]?.keys.current().kid;
    await Promise.all(all.map(({ rotation }) => rotation.rotate(BY_COMMAND_LINE)));
    const rows = await (all[0] as Replica).store.selectFrom("signing_keys").selectAll().execute();
    expect(rows).toHaveLength(2);
    expect(rows.filter(({ expires_at }) => expires_at === null)).toHaveLength(1);
    for (const { keys } of all) expect(keys.current().kid).toBe(old);
  });

  test("each key has its certificate, and public_cert is the one that signs", async () => {
    const it = await open();
    await it.rotation.rotate(BY_COMMAND_LINE);
    const certs = JSON.parse(it.keys.certs());
    expect(certs.public_cert.kid).toBe(it.keys.current().kid);
    expect(certs.public_certs).toHaveLength(2);
    for (const { cert } of certs.public_certs) expect(cert).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    expect(certs.keys.every((jwk: Record<string, unknown>) => jwk.d === undefined)).toBe(true);
  });

  describe("when the clock is moved", () => {
    test("a year ahead and back again: one rotation each way, and what was signed before is believed throughout", async () => {
      const it = await open();
      const first = it.keys.current().kid;
      nowMs += 365 * DAY_MS;
      await it.rotation.keepSchedule();
      expect(it.keys.publicKey(first)).toBeDefined();
      nowMs -= 365 * DAY_MS;
      const later = await open();
      expect(later.keys.current().kid).toBe(first);
      await it.rotation.keepSchedule();
      await it.rotation.keepSchedule();
      expect(await it.rotation.settings()).toMatchObject({ lastRotationAt: "2026-11-23T12:00:00.000Z" });
      expect(kids(it)).toContain(first);
      expect(kids(it)).toHaveLength(2);
    });

    test("before the first key was made: it signs all the same", async () => {
      await open();
      nowMs -= 3 * DAY_MS;
      const it = await open();
      const { kid } = it.keys.current();
      await it.rotation.keepSchedule();
      expect(it.keys.publicKey(kid)).toBeDefined();
      expect(kids(it)).toHaveLength(2);
    });
  });

  test("keys of the first version, without certificate and dates, go on", async () => {
    const before = await open();
    const { kid } = before.keys.current();
    await before.store.updateTable("signing_keys").set({ certificate: "", signs_from: "" }).execute();
    const it = await open();
    expect(it.keys.current().kid).toBe(kid);
    expect(it.keys.certs()).toContain("BEGIN CERTIFICATE");
    await it.rotation.rotate(BY_COMMAND_LINE);
    nowMs += 10 * MINUTE_MS;
    expect(it.keys.current().kid).not.toBe(kid);
  });
});

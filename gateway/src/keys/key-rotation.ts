import type { Logger } from "@gatehouse/service";
import { BY_SYSTEM, type By, recordAuditEvent } from "../audit/event.ts";
import { GatewayError } from "../errors.ts";
import { type ChangeFeed, recordChange } from "../store/change-feed.ts";
import type { Store } from "../store/store.ts";
import { createdAtMs, endBefore, hasEnded, newest, readState } from "./key-rows.ts";
import {
  daysUntilRotation,
  isRotationDue,
  MAX_INTERVAL_DAYS,
  MIN_INTERVAL_DAYS,
  OVERLAP_MS,
  PUBLISHED_AHEAD_MS,
} from "./key-schedule.ts";
import type { SecretBox } from "./secret-box.ts";
import { makeSigningKey } from "./signing-key.ts";

export interface KeySettings {
  readonly rotationIntervalDays: number;
  /** RFC 3339, UTC. */
  readonly lastRotationAt: string;
  /** Whole days, rounded up; 0 when it is due. */
  readonly daysUntilNextRotation: number;
  /** All that are published, the newest first. */
  readonly keys: readonly PublishedKey[];
}

interface PublishedKey {
  readonly kid: string;
  readonly signsFrom: string;
  /** Until when its JWTs are believed; null for the newest. */
  readonly expiresAt: string | null;
}

interface RotateKeys {
  /**
   * For a key that may have leaked: all keys before end at once, and the JWTs they signed with them. The new key signs before
   * all origins have fetched it. Default: the new key is published first and signs ten minutes later; the old one is believed
   * for seven days more.
   */
  readonly endPreviousNow?: boolean;
}

/** The life of the signing keys, for all gateways on the store. */
export interface KeyRotation {
  settings(): Promise<KeySettings>;
  /** @param days 21 to 365. @throws {GatewayError} `ERR_KEY_INTERVAL_INVALID` */
  setIntervalDays(days: number, by: By): Promise<KeySettings>;
  rotate(by: By, options?: RotateKeys): Promise<KeySettings>;
  /** Rotates if the time has come, in one of the gateways; deletes keys that ended. Called by a timer. */
  keepSchedule(): Promise<void>;
  close(): void;
}

export interface KeyRotationDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly box: SecretBox;
  readonly logger: Logger;
  readonly now: () => number;
}

const CHECK_INTERVAL_MS = 60_000;
const SETTINGS_ID = "signing_keys";

export function createKeyRotation(deps: KeyRotationDeps): KeyRotation {
  const keepSchedule = async () => {
    const { rows, intervalDays } = await readState(deps.store);
    const nowMs = deps.now();
    if (isRotationDue(createdAtMs(newest(rows)), intervalDays, nowMs)) await rotate(deps, BY_SYSTEM, "if due");
    if (rows.some((row) => hasEnded(row, nowMs))) await deleteEnded(deps);
  };
  const timer = setInterval(() => {
    keepSchedule().catch((error: unknown) =>
      deps.logger.warn({ err: error }, "the signing keys' schedule could not be kept: tried again in a minute"),
    );
  }, CHECK_INTERVAL_MS).unref();
  return {
    settings: () => readSettings(deps),
    async setIntervalDays(days, by) {
      await writeInterval(deps, days, by);
      return readSettings(deps);
    },
    async rotate(by, { endPreviousNow = false } = {}) {
      await rotate(deps, by, endPreviousNow ? "ending all before" : "with overlap");
      return readSettings(deps);
    },
    keepSchedule,
    close: () => clearInterval(timer),
  };
}

async function readSettings({ store, now }: KeyRotationDeps): Promise<KeySettings> {
  const { rows, intervalDays } = await readState(store);
  const last = newest(rows);
  return {
    rotationIntervalDays: intervalDays,
    lastRotationAt: last.created_at,
    daysUntilNextRotation: daysUntilRotation(createdAtMs(last), intervalDays, now()),
    keys: rows
      .toSorted((a, b) => (a.signs_from < b.signs_from ? 1 : -1))
      .map(({ kid, created_at, signs_from, expires_at }) => ({
        kid,
        signsFrom: signs_from || created_at,
        expiresAt: expires_at,
      })),
  };
}

async function writeInterval({ store, feed, now }: KeyRotationDeps, days: number, by: By): Promise<void> {
  if (!Number.isInteger(days) || days < MIN_INTERVAL_DAYS || days > MAX_INTERVAL_DAYS) {
    const message = `The signing key changes every ${MIN_INTERVAL_DAYS} to ${MAX_INTERVAL_DAYS} days: give a whole number.`;
    throw new GatewayError("ERR_KEY_INTERVAL_INVALID", message);
  }
  await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "signing_key", SETTINGS_ID, now());
    const detail = { rotation_interval_days: days };
    await recordAuditEvent(transaction, { ...CHANGE, ...by, event: "signing_key.settings_updated", detail }, now());
    const values = { rotation_interval_days: days };
    await transaction
      .insertInto("key_settings")
      .values({ id: SETTINGS_ID, ...values })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(values))
      .execute();
  });
  await feed.poll();
}

const CHANGE = { kind: "change", isAllowed: true, reason: "" } as const;

/** The new key and the others' ends are written together: a gateway that dies in between leaves everything as it was. */
async function rotate(
  deps: KeyRotationDeps,
  by: By,
  how: "if due" | "with overlap" | "ending all before",
): Promise<void> {
  const { store, feed, box, now } = deps;
  const nowMs = now();
  const signsFromMs = how === "ending all before" ? nowMs : nowMs + PUBLISHED_AHEAD_MS;
  const key = await makeSigningKey(box, { nowMs, signsFromMs });
  await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "signing_key", key.kid, nowMs);
    const { rows, intervalDays } = await readState(transaction);
    // Another gateway was first.
    if (how === "if due" && !isRotationDue(createdAtMs(newest(rows)), intervalDays, nowMs)) return;
    if (how === "ending all before") await transaction.deleteFrom("signing_keys").execute();
    else await endBefore(transaction, rows, nowMs, signsFromMs + OVERLAP_MS);
    await transaction.insertInto("signing_keys").values(key).execute();
    const detail = {
      kid: key.kid,
      signs_from: key.signs_from,
      previous: how === "ending all before" ? "ended" : "kept",
    };
    await recordAuditEvent(transaction, { ...CHANGE, ...by, event: "signing_key.rotated", detail }, nowMs);
  });
  await feed.poll();
}

async function deleteEnded({ store, feed, now }: KeyRotationDeps): Promise<void> {
  await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "signing_key", "ended", now());
    await transaction.deleteFrom("signing_keys").where("expires_at", "<=", new Date(now()).toISOString()).execute();
  });
  await feed.poll();
}

import type { Transaction } from "kysely";
import type { Schema, SigningKeyRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { DEFAULT_INTERVAL_DAYS } from "./key-schedule.ts";

interface KeyState {
  readonly rows: readonly SigningKeyRow[];
  readonly intervalDays: number;
}

export async function readState(db: Store | Transaction<Schema>): Promise<KeyState> {
  const rows = await db.selectFrom("signing_keys").selectAll().execute();
  const settings = await db.selectFrom("key_settings").select("rotation_interval_days").executeTakeFirst();
  return { rows, intervalDays: settings?.rotation_interval_days ?? DEFAULT_INTERVAL_DAYS };
}

/** The one without an end; each rotation gives all before it one. */
export function newest(rows: readonly SigningKeyRow[]): SigningKeyRow {
  const row = rows.find(({ expires_at }) => expires_at === null);
  if (row === undefined) throw new Error("unreachable: the store always holds a signing key without an end");
  return row;
}

export function createdAtMs({ created_at }: SigningKeyRow): number {
  return Date.parse(created_at);
}

/** Keys that wait for their turn have signed nothing: they go, so that repeated rotations do not pile them up. */
export async function endBefore(
  transaction: Transaction<Schema>,
  rows: readonly SigningKeyRow[],
  nowMs: number,
  endsAtMs: number,
): Promise<void> {
  const expires_at = new Date(endsAtMs).toISOString();
  const inOrder = rows.toSorted((a, b) => (a.signs_from < b.signs_from ? -1 : 1));
  for (const [index, { kid, signs_from, expires_at: ends }] of inOrder.entries()) {
    // The first signs, wherever the clock stands.
    if (index > 0 && Date.parse(signs_from) > nowMs) {
      await transaction.deleteFrom("signing_keys").where("kid", "=", kid).execute();
    } else if (ends === null || ends > expires_at) {
      await transaction.updateTable("signing_keys").set({ expires_at }).where("kid", "=", kid).execute();
    }
  }
}

export function hasEnded({ expires_at }: SigningKeyRow, nowMs: number): boolean {
  return expires_at !== null && Date.parse(expires_at) <= nowMs;
}

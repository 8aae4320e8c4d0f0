import { randomBytes } from "node:crypto";
import { BoundedMap } from "../bounded-map.ts";

type TriggerFailure = "invalid_trigger_id" | "expired_trigger_id" | "exchanged_trigger_id";

/** Trigger ids: the app's short, single right to open a modal for the person who just did something. */
export interface Triggers {
  issue(personId: string): string;
  exchange(triggerId: string): { readonly personId: string } | { readonly failure: TriggerFailure };
}

const LIFE_MS = 3_000;
const MAX_KEPT = 1_000;

export function createTriggers(now: () => number): Triggers {
  const issued = new BoundedMap<string, { personId: string; expiresAtMs: number; isUsed: boolean }>(MAX_KEPT);
  return {
    issue(personId) {
      const id = `${Math.trunc(now())}.${randomBytes(12).toString("hex")}`;
      issued.set(id, { personId, expiresAtMs: now() + LIFE_MS, isUsed: false });
      return id;
    },
    exchange(id) {
      const trigger = issued.get(id);
      if (trigger === undefined) return { failure: "invalid_trigger_id" };
      if (trigger.isUsed) return { failure: "exchanged_trigger_id" };
      if (now() >= trigger.expiresAtMs) return { failure: "expired_trigger_id" };
      trigger.isUsed = true;
      return { personId: trigger.personId };
    },
  };
}

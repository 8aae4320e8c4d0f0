import type { Faults } from "../model.ts";

type FaultName = keyof Faults;

/** Counts of misbehaviour still to come, set from the page's developer panel and used up one by one. */
export interface FaultBox {
  add(name: FaultName): void;
  /** True, once per added fault, when it is time to misbehave. */
  take(name: FaultName): boolean;
  list(): Faults;
}

export function createFaultBox(): FaultBox {
  const counts: Record<FaultName, number> = { duplicates: 0, lateAcks: 0, rateLimits: 0 };
  return {
    add: (name) => {
      counts[name] += 1;
    },
    take(name) {
      if (counts[name] === 0) return false;
      counts[name] -= 1;
      return true;
    },
    list: () => ({ ...counts }),
  };
}

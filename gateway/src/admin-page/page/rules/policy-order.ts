import type { Policy } from "../api/policies.ts";

/** Bypass and Service Auth first, then Block and Allow, each in the order of their numbers. */
export function inOrderOfEvaluation(policies: readonly Policy[]): readonly Policy[] {
  const sorted = [...policies].sort((a, b) => (a.precedence ?? 0) - (b.precedence ?? 0));
  return [...sorted.filter(isFirst), ...sorted.filter((policy) => !isFirst(policy))];
}

/** Whether two neighbours may change places: not across the two kinds, which have a fixed order. */
export function canSwap(upper: Policy | undefined, lower: Policy | undefined): boolean {
  return upper !== undefined && lower !== undefined && isFirst(upper) === isFirst(lower);
}

function isFirst({ decision }: Policy): boolean {
  return decision === "bypass" || decision === "non_identity";
}

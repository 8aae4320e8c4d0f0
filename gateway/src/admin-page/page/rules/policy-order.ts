import type { Policy } from "../api/policies.ts";

/** Bypass and Service Auth first, then Block and Allow, each in the order of their numbers. */
export function inOrderOfEvaluation(policies: readonly Policy[]): readonly Policy[] {
  const isFirst = ({ decision }: Policy) => decision === "bypass" || decision === "non_identity";
  const sorted = [...policies].sort((a, b) => (a.precedence ?? 0) - (b.precedence ?? 0));
  return [...sorted.filter(isFirst), ...sorted.filter((policy) => !isFirst(policy))];
}

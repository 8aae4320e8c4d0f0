import type { Configuration } from "./configuration.ts";
import type { Rules } from "./model.ts";

/** A rule that names something: where it stands. */
export interface Referrer {
  readonly kind: "policy" | "group";
  readonly id: string;
  readonly name: string;
  /** Of a policy: the applications that have it; none for a reusable one that is not in use. */
  readonly applications: readonly string[];
}

/** The policies and groups with a rule that names a service token; a group counts for itself, not for what holds it. */
export function referrersOf(configuration: Configuration, tokenId: string): readonly Referrer[] {
  const policies = new Map<string, Referrer & { applications: string[] }>();
  const note = ({ id, name, ...rules }: Rules & { id: string; name: string }, application?: string) => {
    if (!namesToken(rules, tokenId)) return;
    const known = policies.get(id) ?? { kind: "policy", id, name, applications: [] };
    if (application !== undefined) known.applications.push(application);
    policies.set(id, known);
  };
  for (const { name, policies: own } of configuration.applications) for (const policy of own) note(policy, name);
  for (const policy of configuration.reusablePolicies) note(policy);
  const groups = configuration.groups
    .filter((group) => namesToken(group, tokenId))
    .map(({ id, name }): Referrer => ({ kind: "group", id, name, applications: [] }));
  return [...policies.values(), ...groups];
}

/** `policy "bots" of Stats, group "robots"`: for a message. */
export function describeReferrers(referrers: readonly Referrer[]): string {
  return referrers
    .map(({ kind, name, applications }) => {
      const owners = applications.length === 0 ? "" : ` of ${applications.join(" and ")}`;
      return `${kind} "${name}"${owners}`;
    })
    .join(", ");
}

function namesToken({ include, require, exclude }: Rules, tokenId: string): boolean {
  return [include, require, exclude].some((rules) =>
    rules.some((rule) => rule.kind === "service_token" && rule.tokenId === tokenId),
  );
}

import type { Catalogue, Entry } from "./catalogue.ts";
import { compileGroup, type Problem } from "./compile.ts";
import type { KnownFacts } from "./known-facts.ts";
import type { Group } from "./model.ts";
import type { GroupDocument } from "./policy-document.ts";

export interface CompiledGroups {
  /** Those without problems. */
  readonly groups: ReadonlyMap<string, Group>;
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
}

/** Rules are looked at on every request, so groups within groups must not multiply. */
const MAX_DEPTH = 5;

/** Groups may name groups: each is compiled after those that it names. A group that holds itself cannot be used. */
export function compileGroups(entries: Catalogue["groups"], facts: KnownFacts): CompiledGroups {
  const groups = new Map<string, Group>();
  const problems = new Map<string, readonly Problem[]>();
  const begun = new Set<string>();
  const depths = new Map<string, number>();
  const visit = (entry: Entry<GroupDocument>) => {
    if (begun.has(entry.id)) return;
    begun.add(entry.id);
    if (entry.document === undefined) {
      problems.set(entry.id, entry.problems);
      return;
    }
    const named = namedGroups(entry.document).flatMap((id) => entries.get(id) ?? []);
    for (const one of named) visit(one);
    const depth = 1 + Math.max(0, ...named.map(({ id }) => depths.get(id) ?? 0));
    depths.set(entry.id, depth);
    const compiled = compileGroup(entry.id, entry.document, { groups, facts });
    const found = depth > MAX_DEPTH ? [...compiled.problems, TOO_DEEP] : compiled.problems;
    if (found.length === 0) groups.set(entry.id, compiled.value);
    else problems.set(entry.id, found);
  };
  for (const entry of entries.values()) visit(entry);
  return { groups, problems };
}

const TOO_DEEP: Problem = { path: [], message: `has groups within groups more than ${MAX_DEPTH} deep` };

/** Ids of the groups that rules name. */
function namedGroups({ include, require, exclude }: Pick<GroupDocument, "include" | "require" | "exclude">): string[] {
  return [...include, ...require, ...exclude].flatMap(({ group }) =>
    typeof group === "object" && group !== null && "id" in group && typeof group.id === "string" ? [group.id] : [],
  );
}

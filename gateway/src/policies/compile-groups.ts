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

/** Groups may name groups: each is compiled after those that it names. A group that holds itself cannot be used. */
export function compileGroups(entries: Catalogue["groups"], facts: KnownFacts): CompiledGroups {
  const groups = new Map<string, Group>();
  const problems = new Map<string, readonly Problem[]>();
  const begun = new Set<string>();
  const visit = (entry: Entry<GroupDocument>) => {
    if (begun.has(entry.id)) return;
    begun.add(entry.id);
    if (entry.document === undefined) {
      problems.set(entry.id, entry.problems);
      return;
    }
    for (const id of namedGroups(entry.document)) {
      const named = entries.get(id);
      if (named !== undefined) visit(named);
    }
    const compiled = compileGroup(entry.id, entry.document, { groups, facts });
    if (compiled.problems.length === 0) groups.set(entry.id, compiled.value);
    else problems.set(entry.id, compiled.problems);
  };
  for (const entry of entries.values()) visit(entry);
  return { groups, problems };
}

/** Ids of the groups that rules name. */
export function namedGroups({
  include,
  require,
  exclude,
}: Pick<GroupDocument, "include" | "require" | "exclude">): string[] {
  return [...include, ...require, ...exclude].flatMap(({ group }) =>
    typeof group === "object" && group !== null && "id" in group && typeof group.id === "string" ? [group.id] : [],
  );
}

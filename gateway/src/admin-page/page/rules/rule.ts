/** One rule of a policy or group as the API has it: an object with one key, which names the selector. */
export type Rule = Readonly<Record<string, unknown>>;

export interface RuleLists {
  readonly include: readonly Rule[];
  readonly require: readonly Rule[];
  readonly exclude: readonly Rule[];
}

/** What rules name by id, by name. */
export interface Names {
  readonly tokens: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, string>;
  readonly providers: ReadonlyMap<string, string>;
}

export type ListName = keyof RuleLists;

/** One of the lists, whatever was written as JSON: what is no rule is left out. */
export function rulesIn(lists: Partial<RuleLists>, name: ListName): readonly Rule[] {
  const list: unknown = lists[name];
  return Array.isArray(list) ? list.filter((rule) => typeof rule === "object" && rule !== null) : [];
}

export function selectorOf(rule: Rule): string {
  return Object.keys(rule)[0] ?? "";
}

/** A field of a rule as text: `{ email: { email } }` → the address. */
export function fieldOf(rule: Rule, field: string): string {
  const value = (rule[selectorOf(rule)] ?? {}) as Readonly<Record<string, unknown>>;
  return typeof value[field] === "string" ? value[field] : "";
}

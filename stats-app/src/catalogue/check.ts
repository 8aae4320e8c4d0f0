import type { ConfigProblem } from "@gatehouse/service";
import type { CatalogueDocument, Path, Section } from "./document.ts";
import type { MetricEntry } from "./file-schema.ts";

/** A name with the file and the place that declared it. */
export interface Declared<Entry> {
  readonly entry: Entry;
  readonly document: CatalogueDocument;
}

/**
 * Checks what refers to what, over all files together: dimensions that metrics name, parts of ratios, and words that would
 * mean two metrics at once. `names` also has the entries that are not good; what refers to them is not blamed.
 */
export function checkReferences(
  metrics: ReadonlyMap<string, Declared<MetricEntry>>,
  names: Readonly<Record<Section, ReadonlySet<string>>>,
): ConfigProblem[] {
  return [
    ...[...metrics].flatMap(([name, { entry, document }]) => {
      const at = (...path: Path) => document.place(["metrics", name, ...path]);
      return [...checkDimensions(entry, names.dimensions, at), ...checkRatio(name, entry, metrics, names.metrics, at)];
    }),
    ...checkWords(metrics),
  ];
}

type At = (...path: Path) => string;

function checkDimensions(entry: MetricEntry, dimensions: ReadonlySet<string>, at: At): ConfigProblem[] {
  const unknown = (name: string) => `there is no dimension ${name}; declare it under dimensions`;
  const listed = entry.dimensions.flatMap((name, index) =>
    dimensions.has(name) ? [] : [{ name: at("dimensions", index), problem: unknown(name) }],
  );
  const where = "where" in entry ? Object.keys(entry.where?.dimensions ?? {}) : [];
  const conditions = where.flatMap((name) =>
    dimensions.has(name) ? [] : [{ name: at("where", "dimensions", name), problem: unknown(name) }],
  );
  return [...listed, ...conditions];
}

function checkRatio(
  name: string,
  entry: MetricEntry,
  metrics: ReadonlyMap<string, Declared<MetricEntry>>,
  names: ReadonlySet<string>,
  at: At,
): ConfigProblem[] {
  if (entry.measure !== "ratio") return [];
  return (["numerator", "denominator"] as const).flatMap((part) => {
    const reference = entry[part];
    if (typeof reference !== "string" || (names.has(reference) && !metrics.has(reference))) return [];
    const problem = problemOfPart(name, reference, metrics.get(reference)?.entry);
    return problem === undefined ? [] : [{ name: at(part), problem }];
  });
}

function problemOfPart(name: string, reference: string, target: MetricEntry | undefined): string | undefined {
  if (reference === name) return "a ratio cannot be made of itself";
  if (target === undefined) return `there is no metric ${reference}`;
  if (target.measure === "ratio" || target.measure === "active_users") {
    return `${reference} is of measure ${target.measure}; a ratio needs count, unique_users, sum or average`;
  }
  return undefined;
}

/** A title or alias that two metrics share could not be answered without a guess. */
function checkWords(metrics: ReadonlyMap<string, Declared<MetricEntry>>): ConfigProblem[] {
  const owners = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const [name, { entry, document }] of metrics) {
    const words = new Set([name.replaceAll("_", " "), entry.title, ...entry.aliases].map((word) => word.toLowerCase()));
    for (const word of words) {
      const owner = owners.get(word);
      if (owner === undefined) owners.set(word, name);
      else problems.push({ name: document.place(["metrics", name]), problem: `"${word}" already means ${owner}` });
    }
  }
  return problems;
}

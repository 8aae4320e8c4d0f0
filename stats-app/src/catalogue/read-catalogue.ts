import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ConfigError, type ConfigProblem } from "@gatehouse/service";
import { buildMetric } from "./build.ts";
import type { Catalogue, Dimension, Metric } from "./catalogue.ts";
import { checkReferences, type Declared } from "./check.ts";
import { type CatalogueDocument, parseCatalogueDocument, type Section } from "./document.ts";
import type { MetricEntry } from "./file-schema.ts";

/** A catalogue file's name, for messages, and its text. */
export interface CatalogueText {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads and checks the catalogue from files on disk.
 *
 * @throws {ConfigError} `ERR_CONFIG_INVALID` with every problem of every file, by line
 */
export function readCatalogue(files: readonly string[]): Catalogue {
  const problems: ConfigProblem[] = [];
  const texts = files.flatMap((file) => {
    try {
      return [{ name: basename(file), text: readFileSync(file, "utf8") }];
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? "unreadable";
      problems.push({ name: "STATS_CATALOGUE", problem: `${file} cannot be read (${reason})` });
      return [];
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return parseCatalogue(texts);
}

/**
 * Parses, merges and checks catalogue texts. The first file that gives a product, time zone or week start decides it.
 *
 * @throws {ConfigError} `ERR_CONFIG_INVALID`
 */
export function parseCatalogue(texts: readonly CatalogueText[]): Catalogue {
  const documents = texts.map(({ name, text }) => parseCatalogueDocument(name, text));
  const problems = documents.flatMap((document) => document.problems);
  const dimensions = declare(documents, "dimensions", (data) => data.dimensions, problems);
  const metrics = declare(documents, "metrics", (data) => data.metrics, problems);
  if (problems.length === 0 && metrics.size === 0) {
    problems.push({ name: texts.map(({ name }) => name).join(", "), problem: "declares no metric" });
  }
  const namesOf = (section: Section) => new Set(documents.flatMap(({ names }) => names[section]));
  problems.push(...checkReferences(metrics, { metrics: namesOf("metrics"), dimensions: namesOf("dimensions") }));
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    product: firstOf(documents, "product") ?? "Product",
    timeZone: firstOf(documents, "time_zone") ?? "UTC",
    weekStart: firstOf(documents, "week_start") ?? "monday",
    metrics: buildMetrics(metrics),
    dimensions: new Map([...dimensions].map(([name, { entry }]) => [name, buildDimension(name, entry)])),
  };
}

type Data = NonNullable<CatalogueDocument["data"]>;

function declare<Entry>(
  documents: readonly CatalogueDocument[],
  section: Section,
  entriesOf: (data: Data) => Readonly<Record<string, Entry>>,
  problems: ConfigProblem[],
): Map<string, Declared<Entry>> {
  const declared = new Map<string, Declared<Entry>>();
  for (const document of documents) {
    const entries = document.data === undefined ? {} : entriesOf(document.data);
    for (const [name, entry] of Object.entries(entries)) {
      const earlier = declared.get(name);
      if (earlier === undefined) declared.set(name, { entry, document });
      else {
        const problem = `is declared already, at ${earlier.document.place([section, name])}`;
        problems.push({ name: document.place([section, name]), problem });
      }
    }
  }
  return declared;
}

function firstOf<Key extends "product" | "time_zone" | "week_start">(
  documents: readonly CatalogueDocument[],
  key: Key,
) {
  return documents.map((document) => document.data?.[key]).find((value) => value !== undefined);
}

function buildMetrics(metrics: ReadonlyMap<string, Declared<MetricEntry>>): Map<string, Metric> {
  const find = (name: string) => metrics.get(name)?.entry;
  return new Map([...metrics].map(([name, { entry }]) => [name, buildMetric(name, entry, find)]));
}

function buildDimension(name: string, entry: Data["dimensions"][string]): Dimension {
  const values = Object.entries(entry.values).map(([value, described]) => ({ value, ...described }));
  return { name, title: entry.title, aliases: entry.aliases, values };
}

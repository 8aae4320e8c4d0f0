import type { ConfigProblem } from "@gatehouse/service";
import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { type CatalogueFile, catalogueFile } from "./file-schema.ts";

/** Where a thing stands in a file: its keys from the top. */
export type Path = readonly (string | number)[];

export type Section = "dimensions" | "metrics";

/** One parsed file. `data` holds what is good in it, and is missing when the file could not be read at all. */
export interface CatalogueDocument {
  readonly data: CatalogueFile | undefined;
  /** Every name that the file declares, also those whose entry has a problem. */
  readonly names: Readonly<Record<Section, readonly string[]>>;
  readonly problems: readonly ConfigProblem[];
  /** Names the place: `metrics.yaml:12 metrics.signups.event`. */
  place(path: Path): string;
}

/** Parses one YAML text and holds it against the schema, every problem by line. */
export function parseCatalogueDocument(fileName: string, text: string): CatalogueDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (path: Path) => placeOf(fileName, path, lineOf(document, lines, path));
  const broken = document.errors.map((error) => ({
    name: `${fileName}:${lines.linePos(error.pos[0]).line}`,
    problem: error.message,
  }));
  if (broken.length > 0) return { data: undefined, names: { dimensions: [], metrics: [] }, problems: broken, place };
  const raw: unknown = document.toJS() ?? {};
  const parsed = catalogueFile.safeParse(raw);
  const issues = parsed.error?.issues ?? [];
  return {
    data: parsed.data ?? catalogueFile.safeParse(withoutBad(raw, issues)).data,
    names: { dimensions: namesIn(raw, "dimensions"), metrics: namesIn(raw, "metrics") },
    problems: issues.flatMap((issue) => describeIssue(issue, place)),
    place,
  };
}

/** What is left when every entry with a problem is taken out, so that the references of the others are checked too. */
function withoutBad(raw: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (!isRecord(raw)) return {};
  const good = structuredClone(raw);
  for (const { path, ...issue } of issues) {
    const [section, name] = path.map(String);
    const entries = section === undefined ? undefined : good[section];
    if (section === undefined) for (const key of "keys" in issue ? issue.keys : []) delete good[key];
    else if (name !== undefined && isRecord(entries)) delete entries[name];
    else delete good[section];
  }
  return good;
}

function namesIn(raw: unknown, section: Section): string[] {
  const entries = isRecord(raw) ? raw[section] : undefined;
  return isRecord(entries) ? Object.keys(entries) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The line of the key at the path, or of the nearest one above it that is there. */
function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: Path): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const key = path[depth - 1];
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function placeOf(fileName: string, path: Path, line: number): string {
  const where = path.length === 0 ? "" : ` ${path.join(".")}`;
  return `${fileName}:${line}${where}`;
}

function describeIssue(issue: z.core.$ZodIssue, place: (path: Path) => string): ConfigProblem[] {
  const path = issue.path.filter((key) => typeof key !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ name: place([...path, key]), problem: "is not a field that exists here" }));
  }
  if (issue.code === "invalid_key") {
    return [{ name: place(path), problem: issue.issues[0]?.message ?? issue.message }];
  }
  const isMissing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
  return [{ name: place(path), problem: isMissing ? "is missing" : issue.message }];
}

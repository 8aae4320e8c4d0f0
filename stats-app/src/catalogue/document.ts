import type { ConfigProblem } from "@gatehouse/service";
import { isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { type CatalogueFile, catalogueFile } from "./file-schema.ts";

/** Where a thing stands in a file: its keys from the top. */
export type Path = readonly (string | number)[];

/** One parsed file. `data` is missing when the file could not be read at all. */
export interface CatalogueDocument {
  readonly data: CatalogueFile | undefined;
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
  if (broken.length > 0) return { data: undefined, problems: broken, place };
  const parsed = catalogueFile.safeParse(document.toJS() ?? {});
  const problems = (parsed.error?.issues ?? []).flatMap((issue) => describeIssue(issue, place));
  return { data: parsed.data, problems, place };
}

function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: Path): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
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

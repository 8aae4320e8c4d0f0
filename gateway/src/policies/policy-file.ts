import { createHash } from "node:crypto";
import { ConfigError, type ConfigProblem } from "@gatehouse/service";
import { type Document, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { applicationSchema } from "./application-schema.ts";
import type { Application, Policies } from "./model.ts";

const fileSchema = z
  .strictObject({
    applications: z.array(applicationSchema).min(1, "needs at least one application"),
  })
  .superRefine(({ applications }, context) => {
    for (const field of ["aud", "domain"] as const) {
      const seen = new Set<string>();
      for (const [index, application] of applications.entries()) {
        const value = field === "aud" ? application.aud : placesOf(application);
        if (value !== "" && seen.has(value)) {
          context.addIssue({
            code: "custom",
            path: ["applications", index, field],
            message: "is already taken by an application above; each needs its own",
          });
        }
        seen.add(value);
      }
    }
  });

/** Of an application that has problems of its own, nothing can be compared. */
function placesOf({ destinations = [] }: Partial<Application>): string {
  return destinations.map(({ host, path }) => host + path).join(" ");
}

/** YAML aliases may be used, but not to blow a small file up. */
const MAX_ALIASES = 100;

/**
 * Reads the policy file: applications and their policies, with the field names of Cloudflare's API.
 *
 * @param text YAML (so JSON too).
 * @param fileName Stands in front of each problem's place: `policies.yaml:12 applications[0].aud`.
 * @throws {ConfigError} with every problem.
 */
export function parsePolicyFile(text: string, fileName = "policies"): Policies {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => ({
        name: `${fileName}:${lines.linePos(error.pos[0]).line}`,
        problem: `is not YAML: ${error.message}`,
      })),
    );
  }
  const parsed = fileSchema.safeParse(document.toJS({ maxAliasCount: MAX_ALIASES }));
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => problemOf(issue, document, lines, fileName)));
  const version = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return { applications: parsed.data.applications, version };
}

function problemOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter, fileName: string): ConfigProblem {
  const line = lineOf(issue.path, document, lines);
  const place = issue.path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
  return { name: `${fileName}:${line}${place === "" ? "" : ` ${place}`}`, problem: issue.message };
}

/** The line of the deepest part of the path that the file has: a missing field is shown at its parent. */
function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as
      | { range?: readonly [number, number, number] }
      | undefined;
    if (node?.range !== undefined) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

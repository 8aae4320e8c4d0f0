import { formatJson } from "../output/json.ts";
import { createPaint, type Paint } from "../output/paint.ts";
import type { Finding, Severity } from "./finding.ts";

const MARKS: Readonly<Record<Severity, { readonly mark: string; readonly colour: "green" | "yellow" | "red" }>> = {
  good: { mark: "✓", colour: "green" },
  warning: { mark: "!", colour: "yellow" },
  problem: { mark: "✗", colour: "red" },
};

/** Whether there is nothing to mend. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity === "good");
}

/** The findings for a person: a line each, and beneath it what to do. */
export function formatReport(url: string, findings: readonly Finding[], hasColour: boolean): string {
  const lines = findings.flatMap((finding) => formatFinding(finding, createPaint(hasColour)));
  const count = findings.filter(({ severity }) => severity !== "good").length;
  const verdict = count === 0 ? "All is well." : `${count} ${count === 1 ? "thing" : "things"} to mend.`;
  return `${[`Examining ${url}`, "", ...lines, "", verdict].join("\n")}\n`;
}

function formatFinding({ severity, code, text, advice }: Finding, paint: Paint): string[] {
  const { mark, colour } = MARKS[severity];
  const label = severity === "good" ? "" : ` [${code}]`;
  return [`${paint(colour, mark)} ${text}${paint(colour, label)}`, ...(advice === undefined ? [] : [`  → ${advice}`])];
}

/** The findings for a program. */
export function formatFindings(url: string, findings: readonly Finding[]): string {
  return formatJson({ url, isHealthy: isHealthy(findings), findings });
}

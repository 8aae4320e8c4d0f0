import { styleText } from "node:util";
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
  const lines = findings.flatMap((finding) => formatFinding(finding, hasColour));
  const count = findings.filter(({ severity }) => severity !== "good").length;
  const verdict = count === 0 ? "All is well." : `${count} ${count === 1 ? "thing" : "things"} to mend.`;
  return `${[`Examining ${url}`, "", ...lines, "", verdict].join("\n")}\n`;
}

function formatFinding({ severity, code, text, advice }: Finding, hasColour: boolean): string[] {
  const { mark, colour } = MARKS[severity];
  const label = severity === "good" ? "" : ` [${code}]`;
  const paint = (part: string): string => (hasColour ? styleText(colour, part, { validateStream: false }) : part);
  return [`${paint(mark)} ${text}${paint(label)}`, ...(advice === undefined ? [] : [`  → ${advice}`])];
}

/** The findings for a program. */
export function formatJson(url: string, findings: readonly Finding[]): string {
  return `${JSON.stringify({ url, isHealthy: isHealthy(findings), findings }, null, 2)}\n`;
}

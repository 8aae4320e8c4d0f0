import { formatJson } from "../output/json.ts";
import { createPaint, type Paint, plain } from "../output/paint.ts";
import type { Finding, Mender, Severity } from "./finding.ts";

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

const MENDERS: Readonly<Record<Mender, string>> = {
  you: "for you",
  operator: "for the operator",
  admin: "for an admin of Access",
  developer: "for the app's developers",
};

function formatFinding({ severity, code, text, advice, mendedBy = "you" }: Finding, paint: Paint): string[] {
  const { mark, colour } = MARKS[severity];
  const label = severity === "good" ? "" : ` [${code}]`;
  const line = `${paint(colour, mark)} ${plain(text)}${paint(colour, label)}`;
  return advice === undefined ? [line] : [line, `  → ${plain(advice)} ${paint("dim", `(${MENDERS[mendedBy]})`)}`];
}

/** The findings for a program. */
export function formatFindings(url: string, findings: readonly Finding[]): string {
  return formatJson({ url, isHealthy: isHealthy(findings), findings });
}

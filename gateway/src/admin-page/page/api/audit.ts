import type { AuditLine } from "../../../audit/audit-line.ts";
import { addressOf, get, problemOf, type Query, unreachable } from "./client.ts";

export type { AuditLine };

/** What is asked for, with the API's names; empty is not asked. */
export type AuditQuestion = Readonly<Record<string, string>>;

export interface AuditPage {
  /** Newest first. */
  readonly lines: readonly AuditLine[];
  /** For the page after; null when there is none. */
  readonly next: number | null;
}

const PATH = "/access/logs/audit";

export async function readAudit(question: Query, before: number | null, signal?: AbortSignal): Promise<AuditPage> {
  return get(PATH, { ...question, limit: 50, ...(before !== null && { before }) }, signal);
}

/** Where the browser downloads what matches, as NDJSON. */
export function exportAddress(question: AuditQuestion): string {
  return addressOf(`${PATH}/export`, question);
}

/**
 * Calls back with each line as it is written, until the signal; resolves when the gateway ends it.
 *
 * @param after Begins with what comes after this line, so that none is missed.
 * @throws {Problem}
 */
export async function followAudit(
  question: AuditQuestion,
  after: number | undefined,
  signal: AbortSignal,
  onLine: (line: AuditLine) => void,
): Promise<void> {
  const response = await fetch(addressOf(`${PATH}/tail`, { ...question, after }), { signal }).catch(unreachable);
  if (!response.ok || response.body === null)
    throw problemOf(response.status, await response.json().catch(() => undefined));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") onLine(JSON.parse(line) as AuditLine);
  }
}

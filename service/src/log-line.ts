import { inspect } from "node:util";
import { redactFields, redactSecrets } from "./redact.ts";

/** What a line may say besides its message; `err` holds an error. */
export type LogDetails = object;

/**
 * Details as they stand in JSON: each with a comma before it, and nothing secret in any. For what is written so often that to make an
 * object, write it as JSON and look that through is felt; made with `safeJson` where a value is not our own.
 */
export class LogMembers {
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}

/** Text that stands in JSON as it is. */
const PLAIN_TEXT = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** A value that others chose, as JSON, with secrets removed by shape. */
export function safeJson(value: string): string {
  return redactSecrets(PLAIN_TEXT.test(value) ? `"${value}"` : JSON.stringify(value));
}

/**
 * One JSON object and a line end: level, time, app, the details, `msg`. Secrets are removed by key and by shape.
 */
export function formatLine(
  { app, level, nowMs }: { readonly app: string; readonly level: string; readonly nowMs: number },
  details: LogDetails | undefined,
  message: string | undefined,
): string {
  const start = `{"level":"${level}","time":"${isoTime(nowMs)}","app":"${app}"`;
  const text = message === undefined ? "" : `,"msg":${safeJson(message)}`;
  if (details instanceof LogMembers) return `${start}${details.json}${text}}\n`;
  const fields = details === undefined ? "" : fieldsOf(details);
  return redactSecrets(redactFields(`${start}${fields}${text}}\n`));
}

/** The members of an object as they stand in JSON, each after a comma. */
function fieldsOf(details: LogDetails): string {
  const said =
    "err" in details && details.err instanceof Error ? { ...details, err: describeError(details.err) } : details;
  const json = stringify(said);
  return json === "{}" ? "" : `,${json.slice(1, -1)}`;
}

function stringify(details: LogDetails): string {
  try {
    return JSON.stringify(details);
  } catch {
    // A circle, or a number that JSON has no form for: as a person would read it.
    return JSON.stringify({ details: inspect(details, { depth: 3 }) });
  }
}

interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause?: unknown;
}

const MAX_CAUSES = 5;

/** With its code and other fields, and what caused it, which may be what has to be mended. */
function describeError(error: Error, depth = 0): ErrorDescription {
  const { name, message, stack, cause } = error;
  const hasCause = cause instanceof Error && depth < MAX_CAUSES;
  return { ...error, type: name, message, stack, cause: hasCause ? describeError(cause, depth + 1) : undefined };
}

let lastMs = 0;
let lastIso = "";

/** Most lines share their millisecond with the one before. */
function isoTime(nowMs: number): string {
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    lastIso = new Date(nowMs).toISOString();
  }
  return lastIso;
}

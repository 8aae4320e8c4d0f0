import { inspect } from "node:util";
import { redactFields, redactSecrets } from "./redact.ts";

/** What a line may say besides its message; `err` holds an error. */
export type LogDetails = object;

/**
 * One JSON object and a line end: level, time, app, the details, `msg`. Secrets are removed by key and by shape. Put together
 * from a single `JSON.stringify`, for every request has a line.
 */
export function formatLine(
  { app, level, nowMs }: { readonly app: string; readonly level: string; readonly nowMs: number },
  details: LogDetails | undefined,
  message: string | undefined,
): string {
  const fields = details === undefined ? "" : fieldsOf(details);
  const text = message === undefined ? "" : `,"msg":${JSON.stringify(message)}`;
  const line = `{"level":"${level}","time":"${isoTime(nowMs)}","app":"${app}"${fields}${text}}\n`;
  return redactSecrets(redactFields(line));
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

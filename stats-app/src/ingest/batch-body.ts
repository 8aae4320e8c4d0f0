import { StatsError } from "../errors.ts";

/** One entry of a batch: what stood on a line of NDJSON, or at a place of an array. */
export interface BatchEntry {
  /** 1-based. */
  readonly line: number;
  /** The parsed value; missing when the line is not JSON. */
  readonly input?: unknown;
}

export type BatchType = "application/x-ndjson" | "application/json";

/** As many of the shortest events as fit into a body. Without it, kilobytes of gzip become millions of rejected lines. */
const MAX_EVENTS = 250_000;

/**
 * Splits a request body into events.
 *
 * @throws {StatsError} `ERR_INGEST_BODY_INVALID` when the body as a whole cannot be read, `ERR_INGEST_BODY_TOO_LARGE`
 */
export function readBatch(body: Buffer, type: BatchType): readonly BatchEntry[] {
  const text = decode(body);
  return type === "application/json" ? readArray(text) : readLines(text);
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (cause) {
    throw new StatsError("ERR_INGEST_BODY_INVALID", "The body is not UTF-8.", { cause });
  }
}

function readLines(text: string): BatchEntry[] {
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n", MAX_EVENTS + 1);
  refuseTooMany(lines.length);
  return lines.flatMap((content, index): BatchEntry[] => {
    if (content.trim() === "") return [];
    const line = index + 1;
    try {
      return [{ line, input: JSON.parse(content) }];
    } catch {
      return [{ line }];
    }
  });
}

function readArray(text: string): BatchEntry[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new StatsError("ERR_INGEST_BODY_INVALID", "The body is not JSON. Send an array of events, or NDJSON.", {
      cause,
    });
  }
  const events = Array.isArray(body) ? body : (body as { events?: unknown } | null)?.events;
  if (!Array.isArray(events)) {
    throw new StatsError("ERR_INGEST_BODY_INVALID", 'The body must be an array of events, or {"events": [...]}.');
  }
  refuseTooMany(events.length);
  return events.map((input: unknown, index) => ({ line: index + 1, input }));
}

function refuseTooMany(events: number): void {
  if (events <= MAX_EVENTS) return;
  const message = `The batch has more than ${MAX_EVENTS.toLocaleString("en")} events: send it in parts.`;
  throw new StatsError("ERR_INGEST_BODY_TOO_LARGE", message);
}

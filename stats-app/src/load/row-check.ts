import { type Checked, checkEvent } from "../ingest/check-event.ts";
import { parseWrittenTime } from "../ingest/instant.ts";
import type { LoadOptions } from "./load-options.ts";
import { columnsOf } from "./open-source.ts";
import type { RawBatch } from "./source.ts";
import { createWallClock } from "./wall-clock.ts";

/** Gives the checked event of a row of a batch. */
export type RowCheck = (batch: RawBatch, row: number) => Checked;

/**
 * Makes events of rows and passes them through the same check as those that come over HTTP.
 *
 * @param fileId what the ids of rows begin with when no column holds one
 */
export function createRowCheck(options: LoadOptions, fileId: string, nowUs: number): RowCheck {
  const toInstant = createWallClock(options.timeZone);
  const columns = columnsOf(options);
  const position = (name: string | undefined) => (name === undefined ? -1 : columns.indexOf(name));
  const [time, id, user, value] = [options.timeColumn, options.idColumn, options.userColumn, options.valueColumn].map(
    position,
  );
  const dimensions = options.dimensions.map(({ column, dimension }) => [dimension, position(column)] as const);
  return (batch, row) => {
    const cell = (at: number | undefined) => (at === undefined || at < 0 ? null : (batch.columns[at]?.[row] ?? null));
    const timeUs = readTime(cell(time), toInstant);
    if (typeof timeUs === "string") return { problem: `${options.timeColumn}: ${timeUs}` };
    const number = readNumber(cell(value));
    if (typeof number === "string") return { problem: `${options.valueColumn}: ${number}` };
    const cells: Record<string, unknown> = {};
    for (const [dimension, at] of dimensions) cells[dimension] = cell(at);
    const input = {
      id: options.idColumn === undefined ? `${fileId}:${batch.rowNumbers[row]}` : (textOf(cell(id)) ?? undefined),
      event: options.event,
      time: timeUs,
      user: textOf(cell(user)),
      value: number,
      dimensions: cells,
    };
    return checkEvent(input, nowUs, true);
  };
}

/** Microseconds since 1970, or what is wrong. */
function readTime(cell: unknown, toInstant: (wallUs: number) => number): number | string {
  if (typeof cell === "number") return toInstant(cell);
  if (cell === null) return "is empty";
  const time = typeof cell === "string" ? parseWrittenTime(cell.trim()) : undefined;
  if (time === undefined) return `${show(cell)} is not an ISO 8601 date or time`;
  return time.offsetUs === undefined ? toInstant(time.wallUs) : time.wallUs - time.offsetUs;
}

/** A number, null for an empty cell, or what is wrong. */
function readNumber(cell: unknown): number | null | string {
  if (cell === null || typeof cell === "number") return cell;
  const number = typeof cell === "string" && cell.trim() !== "" ? Number(cell) : Number.NaN;
  return Number.isFinite(number) ? number : `${show(cell)} is not a number`;
}

function textOf(cell: unknown): string | null {
  return cell === null || typeof cell === "string" ? cell : String(cell);
}

function show(cell: unknown): string {
  const text = typeof cell === "string" ? JSON.stringify(cell) : String(JSON.stringify(cell));
  return text.length > 60 ? `${text.slice(0, 57)} …` : text;
}

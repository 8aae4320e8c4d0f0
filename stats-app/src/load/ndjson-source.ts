import { statSync } from "node:fs";
import { createInterface } from "node:readline";
import { StatsError } from "../errors.ts";
import { BATCH_ROWS, type RawBatch, type Source } from "./source.ts";
import { openTextFile } from "./text-file.ts";

/** Lines looked at to learn the columns: a field may be missing where it has no value. */
const HEADER_LINES = 1000;

/** A file with one JSON object a line. */
export async function openNdjson(file: string): Promise<Source> {
  return {
    columns: await readColumns(file),
    size: statSync(file).size,
    place: "line",
    read: ({ all, time }) => readBatches(file, all, time),
    close: () => undefined,
  };
}

async function readColumns(file: string): Promise<string[]> {
  const { stream } = openTextFile(file);
  const columns = new Set<string>();
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    const row = parseRow(text);
    if (row !== undefined) for (const name of Object.keys(row)) columns.add(name);
    line += 1;
    if (line >= HEADER_LINES) break;
  }
  stream.destroy();
  if (columns.size === 0) throw new StatsError("ERR_LOAD_FILE", `${file} holds no JSON objects, one a line.`);
  return [...columns];
}

async function* readBatches(file: string, wanted: readonly string[], time: string): AsyncGenerator<RawBatch> {
  const { stream, bytesRead } = openTextFile(file);
  const fresh = () => ({
    columns: wanted.map((): unknown[] => []),
    lines: [] as number[],
    rowNumbers: [] as number[],
    broken: [] as { line: number; problem: string }[],
  });
  let batch = fresh();
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() === "") continue;
    const row = parseRow(text);
    if (row === undefined) batch.broken.push({ line, problem: "is not a JSON object" });
    else {
      batch.lines.push(line);
      batch.rowNumbers.push(line);
      for (const [index, name] of wanted.entries()) batch.columns[index]?.push(cellOf(row, name, name === time));
    }
    if (batch.lines.length + batch.broken.length < BATCH_ROWS) continue;
    yield { ...batch, done: bytesRead() };
    batch = fresh();
  }
  yield { ...batch, done: bytesRead() };
}

/** A number as a time could be seconds or anything: as text it is refused, and only Parquet's own times are numbers. */
function cellOf(row: Record<string, unknown>, name: string, isTime: boolean): unknown {
  const cell = row[name] ?? null;
  return isTime && typeof cell === "number" ? String(cell) : cell;
}

function parseRow(text: string): Record<string, unknown> | undefined {
  try {
    const row: unknown = JSON.parse(text);
    return typeof row === "object" && row !== null && !Array.isArray(row)
      ? (row as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

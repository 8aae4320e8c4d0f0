import { statSync } from "node:fs";
import { type CsvError, parse } from "csv-parse";
import { StatsError } from "../errors.ts";
import { BATCH_ROWS, type RawBatch, type Source } from "./source.ts";
import { openTextFile } from "./text-file.ts";

/** What csv-parse gives with `info: true`. */
interface CsvRecord {
  readonly record: readonly string[];
  /** `lines` is the line that the record ends on. */
  readonly info: { readonly lines: number };
}

/** A CSV or TSV file with a header line. Every cell is text until the event's check, so that a bad cell is a bad row. */
export async function openCsv(file: string): Promise<Source> {
  const columns = await readHeader(file);
  return {
    columns,
    size: statSync(file).size,
    place: "line",
    read: ({ all }) => readBatches(file, columns, all),
    close: () => undefined,
  };
}

async function readHeader(file: string): Promise<string[]> {
  const { stream } = openTextFile(file);
  for await (const { record } of stream.pipe(parser(() => undefined)) as AsyncIterable<CsvRecord>) {
    stream.destroy();
    return record.map((name) => name.trim());
  }
  throw new StatsError("ERR_LOAD_FILE", `${file} is empty: its first line must name the columns.`);
}

async function* readBatches(
  file: string,
  header: readonly string[],
  wanted: readonly string[],
): AsyncGenerator<RawBatch> {
  const { stream, bytesRead } = openTextFile(file);
  const batch = new CsvBatch(header, wanted);
  const records = stream.pipe(parser((error) => batch.addBroken(error)));
  stream.once("error", (error) => records.destroy(error));
  let isHeader = true;
  for await (const record of records as AsyncIterable<CsvRecord>) {
    if (isHeader) batch.skipHeader(record);
    else batch.add(record);
    isHeader = false;
    if (batch.size >= BATCH_ROWS) yield batch.take(bytesRead());
  }
  yield batch.take(bytesRead());
}

class CsvBatch {
  readonly #positions: readonly number[];
  readonly #width: number;
  #rowNumber = 0;
  /** The line that the last record ended on. */
  #lastLine = 0;
  #columns: (string | null)[][] = [];
  #lines: number[] = [];
  #rowNumbers: number[] = [];
  #broken: { line: number; problem: string }[] = [];

  constructor(header: readonly string[], wanted: readonly string[]) {
    this.#positions = wanted.map((name) => header.indexOf(name));
    this.#width = header.length;
    this.#columns = wanted.map(() => []);
  }

  get size(): number {
    return this.#lines.length + this.#broken.length;
  }

  skipHeader({ info }: CsvRecord): void {
    this.#lastLine = info.lines;
  }

  add({ record, info }: CsvRecord): void {
    this.#rowNumber += 1;
    this.#lastLine = info.lines;
    const line = info.lines - lineBreaksIn(record);
    if (record.length !== this.#width) {
      this.#broken.push({ line, problem: `has ${record.length} cells where the header has ${this.#width}` });
      return;
    }
    this.#lines.push(line);
    this.#rowNumbers.push(this.#rowNumber);
    this.#positions.forEach((position, index) => {
      this.#columns[index]?.push(record[position] || null);
    });
  }

  /** Broken quotes hide where rows end: the lines up to where they were noticed are given up together. */
  addBroken(error: CsvError | undefined): void {
    const first = this.#lastLine + 1;
    const last = Math.max(Number(error?.["lines"] ?? first), first);
    this.#lastLine = last;
    const extent = last > first ? `, and hides where rows end up to line ${last}` : "";
    this.#broken.push({ line: first, problem: `has a quote that opens or closes in the middle of a cell${extent}` });
  }

  take(done: number): RawBatch {
    const taken = {
      columns: this.#columns,
      lines: this.#lines,
      rowNumbers: this.#rowNumbers,
      broken: this.#broken,
      done,
    };
    this.#columns = this.#columns.map(() => []);
    [this.#lines, this.#rowNumbers, this.#broken] = [[], [], []];
    return taken;
  }
}

function lineBreaksIn(record: readonly string[]): number {
  let breaks = 0;
  for (const cell of record) if (cell.includes("\n")) breaks += cell.split("\n").length - 1;
  return breaks;
}

function parser(onBroken: (error: CsvError | undefined) => void) {
  return parse({
    bom: true,
    info: true,
    delimiter: [",", ";", "\t"],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      onBroken(error);
      return undefined;
    },
  });
}

/** A row that is no event, and why. */
export interface BadRow {
  readonly line: number;
  readonly problem: string;
}

/** Some rows of a file: the asked columns, in the asked order. */
export interface RawBatch {
  /** `columns[c][r]`; a missing cell is null; a number in the time column counts microseconds. */
  readonly columns: readonly (readonly unknown[])[];
  /** Where each row stands in the file, 1-based: a line, or in Parquet a row. */
  readonly lines: readonly number[];
  /** The number of each row among all rows of the file, from 1. */
  readonly rowNumbers: readonly number[];
  /** Rows that could not be read at all. */
  readonly broken: readonly BadRow[];
  /** How much of the file's `size` is read by now. */
  readonly done: number;
}

/** A file whose columns are known. */
export interface Source {
  readonly columns: readonly string[];
  /** What `done` counts up to: bytes of text, rows of Parquet. */
  readonly size: number;
  /** What a row's place is called. */
  readonly place: "line" | "row";
  /** Reads all rows, from the first; as often as asked. */
  read(columns: {
    readonly time: string;
    readonly value: string | undefined;
    readonly all: readonly string[];
  }): AsyncIterable<RawBatch>;
  close(): void;
}

/** Rows read at a time. */
export const BATCH_ROWS = 10_000;

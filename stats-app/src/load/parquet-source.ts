import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { StatsError } from "../errors.ts";
import { BATCH_ROWS, type RawBatch, type Source } from "./source.ts";

/** What the reading engine may use, apart from the one that stores. */
const MEMORY_LIMIT = "200MB";

/** A Parquet file, read through DuckDB with its own types. */
export async function openParquet(file: string): Promise<Source> {
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: MEMORY_LIMIT, threads: "1" });
  const connection = await instance.connect();
  const types = await readTypes(connection, file);
  const counted = await connection.runAndReadAll("SELECT count(*) FROM read_parquet($1)", [file]);
  return {
    columns: [...types.keys()],
    size: Number(counted.getRows()[0]?.[0]),
    place: "row",
    read({ time, value, all }) {
      const columns = all.map((name) =>
        columnSql(name, types.get(name) ?? "", { isTime: name === time, isValue: name === value }),
      );
      return readBatches(connection, `SELECT ${columns.join(", ")} FROM read_parquet($1)`, file, all.length);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function readTypes(connection: DuckDBConnection, file: string): Promise<Map<string, string>> {
  try {
    const described = await connection.runAndReadAll(
      "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($1))",
      [file],
    );
    return new Map(described.getRows().map(([name, type]) => [String(name), String(type)]));
  } catch (cause) {
    throw new StatsError("ERR_LOAD_FILE", `${file} cannot be read as Parquet.`, { cause });
  }
}

/** Times come as microseconds and values as doubles where the file has such types; everything else as text. */
function columnSql(name: string, type: string, { isTime, isValue }: { isTime: boolean; isValue: boolean }): string {
  const column = `"${name.replaceAll('"', '""')}"`;
  if (isTime && type.startsWith("TIMESTAMP WITH TIME ZONE"))
    return `strftime(${column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`;
  if (isTime && (type.startsWith("TIMESTAMP") || type === "DATE")) return `epoch_us(${column}::TIMESTAMP)::DOUBLE`;
  if (isValue && type !== "VARCHAR") return `${column}::DOUBLE`;
  return `${column}::VARCHAR`;
}

async function* readBatches(
  connection: DuckDBConnection,
  query: string,
  file: string,
  width: number,
): AsyncGenerator<RawBatch> {
  const result = await connection.stream(query, [file]);
  let done = 0;
  let columns: unknown[][] = Array.from({ length: width }, () => []);
  const take = (): RawBatch => {
    const rows = columns[0]?.length ?? 0;
    const rowNumbers = Array.from({ length: rows }, (_, index) => done + index + 1);
    done += rows;
    const taken = columns;
    columns = Array.from({ length: width }, () => []);
    return { columns: taken, lines: rowNumbers, rowNumbers, broken: [], done };
  };
  for await (const chunk of result) {
    columns = columns.map((column, index) => column.concat(chunk.getColumnValues(index)));
    if ((columns[0]?.length ?? 0) >= BATCH_ROWS) yield take();
  }
  yield take();
}

import { DuckDBInstance } from "@duckdb/node-api";

/** Runs a query in an engine of its own and gives the rows. */
export async function queryParquet(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJS() as unknown[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

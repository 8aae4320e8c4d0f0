import { type ColumnDefinitionBuilderCallback, type Kysely, PostgresAdapter } from "kysely";

export function isPostgres<T>(db: Kysely<T>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/** A column that the database counts up. */
export function sequence(db: Kysely<unknown>): ["integer" | "bigserial", ColumnDefinitionBuilderCallback] {
  return isPostgres(db)
    ? ["bigserial", (column) => column.primaryKey()]
    : ["integer", (column) => column.primaryKey().autoIncrement()];
}

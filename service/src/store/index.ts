export { type DatabaseAddress, parseDatabaseUrl } from "./database-url.ts";
export { isPostgres, sequence } from "./dialect.ts";
export { StoreError, type StoreErrorCode } from "./errors.ts";
export type { Migrations } from "./migrate.ts";
export { openStore, type StoreOptions } from "./open-store.ts";
export { connectionConfig } from "./postgres.ts";

import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import { type ClientConfig, DatabaseError, Pool, type PoolClient, type QueryResult, types } from "pg";
import type { StoreError } from "./errors.ts";
import { unavailable } from "./unavailable.ts";

/** Nothing waits longer than these, whatever the network or another session does. */
const CONNECT_TIMEOUT_MS = 3_000;
/** A statement is stopped by the server. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** While tables are made, another process may be making them. */
export const MIGRATION_TIMEOUT_MS = 60_000;
/** Later, a server that cannot be heard any more is given up on. */
const SILENCE_MS = 1_000;
/** A process that is stopped in the middle of a change lets go before those who wait for it give up. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 4_000;
const MAX_CONNECTIONS = 10;
const INT8 = types.builtins.INT8;

/** Common to the pool and to connections beside it. */
export function connectionConfig(url: string, owner: string): ClientConfig {
  return {
    connectionString: url,
    application_name: `gatehouse-${owner}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + SILENCE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/** kysely's Postgres dialect over a pool in which every wait has an end. */
export function postgresDialect(
  url: string,
  owner: string,
  statementTimeoutMs: number = STATEMENT_TIMEOUT_MS,
): PostgresDialect {
  const pool = new Pool({
    ...connectionConfig(url, owner),
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    max: MAX_CONNECTIONS,
    types: { getTypeParser: parserOf },
  });
  // Told by whoever needs a connection next; unheard, it would end the process.
  pool.on("error", () => undefined);
  return new PostgresDialect({ pool: discardingPool(pool, (cause) => unavailable(owner, cause)) });
}

/** Counters and counts are far below 2^53: numbers, as SQLite gives them. */
function parserOf(oid: number, format?: "text" | "binary"): (text: string) => unknown {
  if (oid === INT8) return Number;
  return format === "binary" ? types.getTypeParser(oid, "binary") : types.getTypeParser(oid, "text");
}

/** Gives a connection that did not answer back to nobody: its answer may still come, and would meet another's question. */
function discardingPool(pool: Pool, failed: (cause: unknown) => StoreError): PostgresPool {
  return {
    options: pool.options,
    connect: async () => {
      try {
        return discardingClient(await pool.connect(), failed);
      } catch (error) {
        throw failed(error);
      }
    },
    end: () => pool.end(),
  };
}

function discardingClient(client: PoolClient, failed: (cause: unknown) => StoreError): PostgresPoolClient {
  let broken: StoreError | undefined;
  const onError = (error: unknown) => {
    broken = failed(error);
  };
  // Between two statements nobody else hears that the connection ended.
  client.on("error", onError);
  const query = async (sql: string, parameters: readonly unknown[]): Promise<QueryResult> => {
    if (broken !== undefined) throw broken;
    try {
      return await client.query(sql, parameters.map(storable));
    } catch (error) {
      // The server's own errors leave the connection as good as it was.
      if (!(error instanceof DatabaseError)) onError(error);
      throw broken ?? (isTrouble(error) ? failed(error) : error);
    }
  };
  const release = (destroy = false) => {
    client.off("error", onError);
    client.release(destroy || broken !== undefined);
  };
  return { query: query as unknown as PostgresPoolClient["query"], release };
}

/**
 * Classes of SQLSTATE that are no fault of the statement: connection, transaction state (read-only), rollback, resources,
 * object state (locked), operator (stopped, timed out), system. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const TROUBLE = /^(?:08|25|40|53|55|57|58)/;

function isTrouble(error: unknown): boolean {
  return error instanceof DatabaseError && TROUBLE.test(error.code ?? "");
}

/** Postgres's text holds every character but this one, which SQLite takes too: a stranger's name must not fail a batch. */
function storable(parameter: unknown): unknown {
  return typeof parameter === "string" ? parameter.replaceAll("\0", "\ufffd") : parameter;
}

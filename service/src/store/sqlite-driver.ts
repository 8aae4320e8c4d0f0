import { statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type DatabaseConnection, type SqliteDialectConfig, SqliteDriver } from "kysely";
import { unavailable } from "./unavailable.ts";

/** How long a statement waits for another process's write. */
const BUSY_TIMEOUT_MS = 1_000;
const BUSY_RETRY_MS = 20;
const SQLITE_BUSY = 5;
/**
 * Primary result codes that are no fault of the statement: BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
 * https://www.sqlite.org/rescode.html
 */
const TROUBLE: ReadonlySet<number> = new Set([SQLITE_BUSY, 6, 8, 10, 11, 13, 14, 26]);

/** kysely's driver, which waits for locks without blocking the process, and notices when its file is not at its path any more. */
export class PatientSqliteDriver extends SqliteDriver {
  readonly #file: string;
  readonly #owner: string;
  #inode = 0;
  #connection: DatabaseConnection | undefined;

  constructor({ file, owner }: { readonly file: string; readonly owner: string }, config: SqliteDialectConfig) {
    super(config);
    this.#file = file;
    this.#owner = owner;
  }

  override async init(): Promise<void> {
    await super.init();
    this.#inode = statSync(this.#file).ino;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#connection ??= this.#patient(await super.acquireConnection());
    return this.#connection;
  }

  /** SQLite rolls back by itself when the disk is full; what went wrong then must not be hidden by a second error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch((error: unknown) => {
      if (!String(error).includes("no transaction is active")) throw error;
    });
  }

  #patient(connection: DatabaseConnection): DatabaseConnection {
    return {
      streamQuery: (...query) => connection.streamQuery(...query),
      executeQuery: async (query) => {
        const giveUpAtMs = performance.now() + BUSY_TIMEOUT_MS;
        for (;;) {
          this.#checkFile();
          try {
            return await connection.executeQuery(query);
          } catch (error) {
            const code = resultCode(error);
            if (code === undefined || !TROUBLE.has(code & 0xff)) throw error;
            if (code !== SQLITE_BUSY || performance.now() > giveUpAtMs) throw unavailable(this.#owner, error);
            await delay(BUSY_RETRY_MS);
          }
        }
      },
    };
  }

  /** A deleted file goes on working for who has it open, while other processes see nothing of it. */
  #checkFile(): void {
    const inode = statSync(this.#file, { throwIfNoEntry: false })?.ino;
    if (inode === this.#inode) return;
    const problem = inode === undefined ? "is gone" : `was replaced by another: restart the ${this.#owner}`;
    throw unavailable(this.#owner, `the file ${this.#file} ${problem}`);
  }
}

function resultCode(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode : undefined;
}

import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makePrivateFolder } from "@gatehouse/service";
import { LocalError } from "../../errors.ts";

const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE messages (
    channel TEXT NOT NULL, ts TEXT NOT NULL, thread_ts TEXT, author TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (channel, ts)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX messages_by_thread ON messages (channel, thread_ts, ts);
  CREATE TABLE read_marks (
    person TEXT NOT NULL, channel TEXT NOT NULL, ts TEXT NOT NULL, PRIMARY KEY (person, channel)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE files (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, mime_type TEXT NOT NULL,
    is_complete INTEGER NOT NULL, content BLOB
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Opens the workspace's file, and makes its tables when it is new.
 *
 * @throws {LocalError} `ERR_LOCAL_CHAT_UNREADABLE`
 */
export function openDatabase(file: string): DatabaseSync {
  try {
    if (file !== ":memory:") makePrivateFolder(dirname(file));
    const database = new DatabaseSync(file);
    // It holds the app's tokens; SQLite gives the files beside it the same mode.
    if (file !== ":memory:") chmodSync(file, 0o600);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
    else if (version !== SCHEMA_VERSION)
      throw new RangeError(`schema ${version}, this version reads ${SCHEMA_VERSION}`);
    return database;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The chat history in ${file} cannot be read (${reason}). Run npm run reset to start afresh.`;
    throw new LocalError("ERR_LOCAL_CHAT_UNREADABLE", message, { cause });
  }
}

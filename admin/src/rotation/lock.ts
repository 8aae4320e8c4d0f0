import { DatabaseSync } from "node:sqlite";

/** SQLITE_BUSY. https://www.sqlite.org/rescode.html */
const BUSY = 5;

/**
 * Holds a lock that the system takes back however the process ends, which a file with a process id in it is not: SQLite's own.
 *
 * @returns what lets go of it; undefined when another process, or another part of this one, holds it
 * @throws SQLite's error where the file cannot be made
 */
export function holdLock(file: string): (() => void) | undefined {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return () => lock.close();
  } catch (error) {
    lock.close();
    if ((error as { readonly errcode?: number }).errcode === BUSY) return undefined;
    throw error;
  }
}

import type { DatabaseSync } from "node:sqlite";
import type { SharedFile } from "../model.ts";

/** Uploaded files: announced first, then filled, then shared. */
export interface FileStore {
  announce(file: { id: string; name: string; mimeType: string }): void;
  /** Returns false for a file that was not announced or is complete. */
  fill(id: string, content: Uint8Array): boolean;
  /** Returns nothing for a file without content. */
  complete(id: string, title: string | undefined): SharedFile | undefined;
  find(id: string): SharedFile | undefined;
  content(id: string): Uint8Array | undefined;
}

const COLUMNS = "id, name, title, mime_type, length(content) AS bytes";

export function createFileStore(database: DatabaseSync): FileStore {
  const announce = database.prepare(
    "INSERT INTO files (id, name, title, mime_type, is_complete) VALUES (?, ?, ?, ?, 0)",
  );
  const fill = database.prepare("UPDATE files SET content = ? WHERE id = ? AND is_complete = 0");
  const complete = database.prepare(
    `UPDATE files SET is_complete = 1, title = coalesce(?, title) WHERE id = ? AND content IS NOT NULL RETURNING ${COLUMNS}`,
  );
  const find = database.prepare(`SELECT ${COLUMNS} FROM files WHERE id = ? AND is_complete = 1`);
  const content = database.prepare("SELECT content FROM files WHERE id = ? AND is_complete = 1");
  return {
    announce: ({ id, name, mimeType }) => void announce.run(id, name, name, mimeType),
    fill: (id, bytes) => fill.run(bytes, id).changes === 1,
    complete: (id, title) => toFile(complete.get(title ?? null, id)),
    find: (id) => toFile(find.get(id)),
    content: (id) => content.get(id)?.["content"] as Uint8Array | undefined,
  };
}

function toFile(row: Record<string, unknown> | undefined): SharedFile | undefined {
  if (row === undefined) return undefined;
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    title: String(row["title"]),
    mimeType: String(row["mime_type"]),
    bytes: Number(row["bytes"]),
  };
}

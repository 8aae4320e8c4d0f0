import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AdminError } from "../errors.ts";

/** Replaces a file as a whole: no reader sees half of it, and a crash leaves the old one. Only its owner may read it. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw sinkError(path, cause);
  }
}

/** Whether the file's folder takes a new file: it is replaced, not rewritten. */
export async function checkFolder(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw sinkError(path, cause);
  }
}

function sinkError(path: string, cause: unknown): AdminError {
  const code = (cause as NodeJS.ErrnoException).code ?? "unknown reason";
  return new AdminError("ERR_ADMIN_SINK", `${path} cannot be written (${code}): check the folder and its rights.`, {
    cause,
  });
}

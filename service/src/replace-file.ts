import { randomUUID } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Replaces a file as a whole: no reader sees half of it, and a crash leaves the old one or the new one. A new file is its owner's
 * alone (0600). One that was there keeps its owner and group, and its group's rights unless everybody had them; a symbolic
 * link stays, and what it names is replaced.
 *
 * @throws the file system's error
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const target = await targetOf(path);
  const draft = await writeDraft(target, content);
  try {
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

/** Whether `replaceFile` would be allowed to, found by doing all of it but the last step. @throws the file system's error */
export async function checkReplaceable(path: string): Promise<void> {
  await rm(await writeDraft(await targetOf(path), ""));
}

async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

async function writeDraft(target: string, content: string | Uint8Array): Promise<string> {
  const draft = `${target}.${randomUUID()}.new`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await keepRights(file, target);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    return draft;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Whoever could read the old file, other than everybody, can read the new one. */
async function keepRights(draft: FileHandle, target: string): Promise<void> {
  const [own, old] = [await draft.stat(), await stat(target).catch(() => undefined)];
  if (old === undefined) return;
  if (own.uid !== old.uid || own.gid !== old.gid) await draft.chown(old.uid, old.gid);
  const isForEverybody = (old.mode & 0o007) !== 0;
  if (!isForEverybody) await draft.chmod(0o600 | (old.mode & 0o060));
}

/** The new name survives a power failure too; not every system lets a folder be opened for it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/**
 * Calls back when the content of any of the files changes. By looking, for events get lost where it matters: on network
 * file systems, and where a Kubernetes secret is swapped by a symbolic link. Keeps no process alive.
 *
 * @returns what ends the watching
 */
export function watchFiles(paths: readonly string[], intervalMs: number, onChange: () => void): () => void {
  let known: string | undefined;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    const found = (await Promise.all(paths.map(digest))).join(" ");
    isLooking = false;
    const isChanged = known !== undefined && found !== known;
    known = found;
    if (isChanged && !isOver) onChange();
  };
  let isOver = false;
  const timer = setInterval(() => void look(), intervalMs).unref();
  void look();
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

/** The content counts, not the time: a file that was only touched has not changed. */
async function digest(path: string): Promise<string> {
  try {
    return createHash("sha256")
      .update(await readFile(path))
      .digest("base64url");
  } catch {
    return "absent";
  }
}

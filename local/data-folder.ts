import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePrivateFolder } from "@gatehouse/service";
import { LocalError } from "./errors.ts";

const PID_FILE = "running.pid";

/**
 * Makes the data folder and marks it as in use by this process, so that a second start and a reset say so instead of breaking
 * open files. Gives back what ends the mark.
 *
 * @throws {LocalError} `ERR_LOCAL_RUNNING`
 */
export function claimDataFolder(folder: string): () => void {
  makePrivateFolder(folder);
  refuseWhileRunning(folder);
  const file = join(folder, PID_FILE);
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

/** @throws {LocalError} `ERR_LOCAL_RUNNING` when a living process holds the folder. */
export function refuseWhileRunning(folder: string): void {
  const pid = readPid(join(folder, PID_FILE));
  if (pid === undefined || pid === process.pid || !isAlive(pid)) return;
  throw new LocalError(
    "ERR_LOCAL_RUNNING",
    `Gatehouse is running already, as process ${pid}, with the data in ${folder}. Stop it first (Ctrl-C where it runs).`,
  );
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

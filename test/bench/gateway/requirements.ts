import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** What the benchmark runs beside ours, each from the Debian package of that name but taskset (util-linux). */
const PROGRAMS = ["wrk", "haproxy", "nginx", "taskset"] as const;
/** Debian keeps servers where only root's PATH looks. */
const MORE_FOLDERS = ["/usr/sbin", "/usr/local/sbin"];

export type Program = (typeof PROGRAMS)[number];

/** Where each program is. @throws {Error} with the command that installs what is missing. */
export function findPrograms(): Readonly<Record<Program, string>> {
  const found = PROGRAMS.map((name) => [name, pathOf(name)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name);
  if (missing.length > 0) {
    throw new Error(
      `This benchmark needs ${missing.join(", ")}. On Debian: apt-get install wrk haproxy nginx util-linux`,
    );
  }
  return Object.fromEntries(found) as Record<Program, string>;
}

function pathOf(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...MORE_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

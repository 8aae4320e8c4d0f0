import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
export const ROOM = join(ROOT, "access-client");

/** The package as it would be published, and an empty project that installed it from its tarball. */
export interface PackedProject {
  readonly tarball: string;
  readonly folder: string;
  /** Where the package is within the project. */
  readonly installed: string;
  remove(): void;
}

export function packProject(): PackedProject {
  const base = mkdtempSync(join(tmpdir(), "access-client-package-"));
  const folder = join(base, "project");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const env = { ...process.env, PATH: `${ROOT}/node_modules/.bin:${process.env["PATH"]}` };
  const tarball = pack(join(base, "workspace"), env);
  install(folder, tarball, env);
  for (const name of ["express", "@slack/bolt"]) linkIntoProject({ folder }, name);
  cpSync(join(ROOM, "examples"), join(folder, "examples"), { recursive: true });
  const installed = join(folder, "node_modules/@gatehouse/access-client");
  return { tarball, folder, installed, remove: () => rmSync(base, { recursive: true }) };
}

/** A plain `npm pack`, in a copy: packing changes package.json for a moment, and other tests run at the same time. */
function pack(workspace: string, env: NodeJS.ProcessEnv): string {
  const room = join(workspace, "access-client");
  cpSync(ROOM, room, { recursive: true, filter: (path) => !/\/(?:node_modules|dist)$/.test(path) });
  cpSync(join(ROOT, "tsconfig.json"), join(workspace, "tsconfig.json"));
  symlinkSync(join(ROOT, "node_modules"), join(workspace, "node_modules"));
  execFileSync("npm", ["pack", "--loglevel=error"], { cwd: room, env });
  return join(room, readdirSync(room).find((name) => name.endsWith(".tgz")) ?? "");
}

/** A real `npm install`, without a network: its dependencies come from this workspace, which has them already. */
function install(folder: string, tarball: string, env: NodeJS.ProcessEnv): void {
  const own = JSON.parse(readFileSync(join(ROOM, "package.json"), "utf8")) as { dependencies: object };
  const dependencies = Object.keys(own.dependencies).map((name) => join(ROOT, "node_modules", name));
  const flags = ["--offline", "--install-links", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...flags, tarball, ...dependencies], { cwd: folder, env });
}

/** A package of the workspace's that an example, or a compiler, needs beside ours. */
export function linkIntoProject({ folder }: Pick<PackedProject, "folder">, name: string): void {
  const link = join(folder, "node_modules", name);
  if (existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(ROOT, "node_modules", name), link);
}

export interface Running {
  /** Everything that it printed, once it has ended. */
  readonly ended: Promise<{ code: number | null; text: string }>;
  /** What it printed, as soon as these words are among it, or when it ended without them. */
  says(words: string): Promise<string>;
  stop(): Promise<unknown>;
}

/** Runs a file of the project by a runtime's command; what still runs when the test ends is stopped. */
export function runFile(
  { folder }: PackedProject,
  file: string,
  env: Readonly<Record<string, string>>,
  runtime = process.execPath,
): Running {
  const [command = "", ...options] = runtime.split(" ");
  const child = spawn(command, [...options, join(folder, file)], { cwd: folder, env });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk));
  let hasEnded = false;
  const ended = new Promise<{ code: number | null; text: string }>((resolve) => {
    child.once("close", (code) => {
      hasEnded = true;
      resolve({ code, text });
    });
  });
  const stop = () => {
    child.kill();
    return ended;
  };
  onTestFinished(async () => void (await stop()));
  return {
    ended,
    stop,
    async says(words) {
      while (!text.includes(words) && !hasEnded) await new Promise((resolve) => setTimeout(resolve, 10));
      return text;
    },
  };
}

import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
export const ROOM = join(ROOT, "access-client");

/** The package as it would be published, and an empty project that installed it from its tarball. */
export interface PackedProject {
  readonly dist: string;
  readonly tarball: string;
  readonly folder: string;
  remove(): void;
}

export function packProject(): PackedProject {
  const base = mkdtempSync(join(tmpdir(), "access-client-package-"));
  const dist = join(base, "dist");
  const env = { ...process.env, PATH: `${ROOT}/node_modules/.bin:${process.env["PATH"]}` };
  execFileSync(process.execPath, ["build.ts", dist], { cwd: ROOM, env });
  execFileSync("npm", ["pack", "--silent", "--pack-destination", base, dist], { cwd: base, env });
  const tarball = join(base, readdirSync(base).find((name) => name.endsWith(".tgz")) ?? "");
  const folder = mkdtempSync(join(base, "project-"));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  install(folder, tarball, env);
  cpSync(join(ROOM, "examples"), join(folder, "examples"), { recursive: true });
  return { dist, tarball, folder, remove: () => rmSync(base, { recursive: true }) };
}

/** A real `npm install`, without a network: its dependencies come from this workspace, which has them already. */
function install(folder: string, tarball: string, env: NodeJS.ProcessEnv): void {
  const dependencies = ["jose", "undici"].map((name) => join(ROOT, "node_modules", name));
  const flags = ["--offline", "--install-links", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...flags, tarball, ...dependencies], { cwd: folder, env });
  for (const name of ["express", "@slack"])
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
}

export interface Running {
  /** Everything that it printed, once it has ended. */
  readonly ended: Promise<{ code: number | null; text: string }>;
  /** What it printed, as soon as these words are among it, or when it ended without them. */
  says(words: string): Promise<string>;
  stop(): Promise<unknown>;
}

/** Runs a file of the project; what still runs when the test ends is stopped. */
export function runFile(
  { folder }: PackedProject,
  file: string,
  env: Readonly<Record<string, string>>,
  runtime = process.execPath,
): Running {
  const child = spawn(runtime, [join(folder, file)], { cwd: folder, env });
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

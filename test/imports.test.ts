import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

/** Room → the rooms it may import. Apps meet only over HTTP, so no app appears on the right of another. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "access-client": [],
  service: [],
  gateway: ["access-client", "service"],
  "stats-app": ["access-client", "service"],
  bot: ["access-client", "service", "admin"],
  admin: ["access-client", "service"],
  local: ["access-client", "service", "gateway", "stats-app", "bot"],
};
/**
 * What a room may see of another, where that is not all: the gateway access-client's contract, the stats app its verifier, the bot
 * the rotation of a token.
 */
const ALLOWED_SUBPATHS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  gateway: { "access-client": ["@gatehouse/access-client/contract"] },
  "stats-app": { "access-client": ["@gatehouse/access-client/verify", "@gatehouse/access-client/contract"] },
  bot: { admin: ["@gatehouse/admin/rotation"] },
};
const ROOT = join(import.meta.dirname, "..");
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g;

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = Object.keys(ALLOWED).flatMap((room) =>
  globSync(`${room}/**/*.ts`, { cwd: ROOT, exclude: (path) => path.includes("node_modules") }).map((path) => ({
    path,
    room,
    imports: [...readFileSync(join(ROOT, path), "utf8").matchAll(IMPORT)].map((match) => match[1] ?? ""),
  })),
);

function roomOfPackage(specifier: string): string | undefined {
  return /^@gatehouse\/([^/]+)/.exec(specifier)?.[1];
}

function relativeTarget(file: SourceFile, specifier: string): string | undefined {
  return specifier.startsWith(".") ? normalize(join(dirname(file.path), specifier)) : undefined;
}

function isPackage(specifier: string): boolean {
  return !specifier.startsWith(".") && !specifier.startsWith("node:");
}

/** A file and all that it imports, directly or not, within its room. */
function reachableFrom(path: string, seen: readonly string[] = []): readonly string[] {
  const file = files.find((one) => one.path === path);
  if (file === undefined || seen.includes(path)) return seen;
  return file.imports.reduce<readonly string[]>(
    (found, specifier) => reachableFrom(relativeTarget(file, specifier) ?? "", found),
    [...seen, path],
  );
}

describe("imports", () => {
  test("each room was found", () => {
    for (const room of Object.keys(ALLOWED))
      expect(
        files.some((file) => file.room === room),
        room,
      ).toBe(true);
  });

  test("a room imports only the rooms it may", () => {
    const breaches = files.flatMap((file) =>
      file.imports
        .filter((specifier) => {
          const target = roomOfPackage(specifier);
          return target !== undefined && target !== file.room && !ALLOWED[file.room]?.includes(target);
        })
        .map((specifier) => `${file.path} → ${specifier}`),
    );
    expect(breaches).toEqual([]);
  });

  test("a room sees only its part of another, where it may not see all", () => {
    const breaches = files.flatMap((file) =>
      file.imports
        .filter((specifier) => {
          const allowed = ALLOWED_SUBPATHS[file.room]?.[roomOfPackage(specifier) ?? ""];
          return allowed !== undefined && !allowed.includes(specifier);
        })
        .map((specifier) => `${file.path} → ${specifier}`),
    );
    expect(breaches).toEqual([]);
  });

  test("what the bot imports of admin takes nothing of the command line with it", () => {
    const reached = new Set(reachableFrom("admin/src/rotation/index.ts"));
    const packages = files.filter(({ path }) => reached.has(path)).flatMap((file) => file.imports.filter(isPackage));
    expect(packages).toContain("@gatehouse/access-client");
    expect(packages.filter((name) => !/^(?:@gatehouse\/(?:access-client|service)|undici$)/.test(name))).toEqual([]);
  });

  test("no relative import leaves its room, so nothing imports test/", () => {
    const breaches = files.flatMap((file) =>
      file.imports
        .map((specifier) => relativeTarget(file, specifier))
        .filter((target) => target !== undefined && !target.startsWith(`${file.room}/`))
        .map((target) => `${file.path} → ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  test("nothing but local/ and test/ can reach local/", () => {
    const scripts = (
      JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }
    ).scripts;
    for (const app of ["gateway", "stats-app", "bot", "admin"]) expect(scripts[app]).not.toMatch(/local\//);
    const reaching = files.filter(
      (file) => file.room !== "local" && file.imports.some((one) => one.includes("/local")),
    );
    expect(reaching.map((file) => file.path)).toEqual([]);
  });

  test("there are no import cycles, type imports included", () => {
    const graph = new Map(
      files.map((file) => [file.path, file.imports.flatMap((one) => relativeTarget(file, one) ?? [])]),
    );
    expect(findCycle(graph)).toEqual([]);
  });
});

/** Depth-first search; returns the first cycle as a list of paths, or nothing. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): readonly string[] => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...trail, node]);
      if (cycle.length > 0) return cycle;
    }
    done.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

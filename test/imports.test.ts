import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

/** Room → the rooms it may import. Apps meet only over HTTP, so no app appears on the right of another. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "access-client": [],
  service: [],
  gateway: ["access-client", "service"],
  "stats-app": ["access-client", "service"],
  bot: ["access-client", "service"],
  admin: ["access-client", "service"],
  local: ["access-client", "service", "gateway", "stats-app", "bot"],
};
/** What a room may see of access-client: the gateway its contract, the stats app its verifier. */
const ALLOWED_SUBPATHS: Readonly<Record<string, readonly string[]>> = {
  gateway: ["@gatehouse/access-client/contract"],
  "stats-app": ["@gatehouse/access-client/verify", "@gatehouse/access-client/contract"],
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

  test("the gateway and the stats app see only their part of access-client", () => {
    const breaches = files.flatMap((file) => {
      const allowed = ALLOWED_SUBPATHS[file.room];
      const used = file.imports.filter((specifier) => roomOfPackage(specifier) === "access-client");
      return allowed === undefined
        ? []
        : used.filter((one) => !allowed.includes(one)).map((one) => `${file.path} → ${one}`);
    });
    expect(breaches).toEqual([]);
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

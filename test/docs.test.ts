import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const ROOMS = ["access-client", "service", "gateway", "stats-app", "bot", "admin", "local"];
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const sourcesOf = (room: string): string[] =>
  globSync(`${room}/**/*.ts`, { cwd: ROOT, exclude: (path) => path.includes("node_modules") });

describe("docs/errors.md", () => {
  const sections = new Map(
    read("docs/errors.md")
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.split("\n", 1)[0]?.trim() ?? "", section]),
  );

  test.each(ROOMS)("lists exactly the codes of %s", (room) => {
    const inCode = new Set(
      sourcesOf(room).flatMap((path) => [...read(path).matchAll(/"(ERR_[A-Z0-9_]+)"/g)].map((match) => match[1])),
    );
    const others = room === "service" ? [] : codesOf("service", ...(room === "bot" ? ["admin"] : []));
    const listed = [...(sections.get(room) ?? "").matchAll(/^\| `(ERR_[A-Z0-9_]+)`/gm)].map((match) => match[1]);
    const own = [...inCode].filter(
      (code) => code !== undefined && (!others.includes(code) || listed.includes(code)) && !code.startsWith("ERR_JW"),
    );
    expect(listed.toSorted()).toEqual(own.toSorted());
  });

  function codesOf(...rooms: readonly string[]): string[] {
    return rooms
      .flatMap(sourcesOf)
      .flatMap((path) => [...read(path).matchAll(/"(ERR_[A-Z0-9_]+)"/g)].map((match) => match[1] ?? ""));
  }
});

describe("the prose", () => {
  const pages = [
    "README.md",
    "CHANGELOG.md",
    ...globSync("docs/*.md", { cwd: ROOT }),
    ...ROOMS.map((room) => `${room}/README.md`),
  ];

  test.each(pages)("%s names only files that exist", (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? "");
    const missing = links.filter((link) => !existsSync(join(ROOT, dirname(page), link)));
    expect(missing).toEqual([]);
  });

  test("the README names only scripts that exist", () => {
    const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
    const named = [...read("README.md").matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? "");
    expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
  });
});

describe(".env.example", () => {
  test("has every variable that the apps read, and no other", () => {
    const listed = [...read(".env.example").matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
    const configs = [
      ...globSync("{gateway,stats-app,bot}/src/**/{,*-}config.ts", { cwd: ROOT }),
      ...globSync("local/settings.ts", { cwd: ROOT }),
    ];
    const used = new Set(
      configs.flatMap((path) => [...read(path).matchAll(/^\s+([A-Z][A-Z0-9_]+): /gm)].map((match) => match[1])),
    );
    expect(used.size).toBeGreaterThan(10);
    expect([...new Set(listed)].toSorted()).toEqual([...used].toSorted());
  });
});

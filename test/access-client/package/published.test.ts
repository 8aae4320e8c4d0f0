import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PackedProject, packProject } from "../support/packed-project.ts";

const MAX_BYTES = 30_000;

let project: PackedProject;
beforeAll(() => {
  project = packProject();
}, 120_000);
afterAll(() => project.remove());

describe("the package that is published", () => {
  test("has nothing that publint would complain of", async () => {
    const { messages } = await publint({ pkgDir: project.dist, strict: true });
    expect(messages).toEqual([]);
  });

  test("has types that resolve wherever ESM does", async () => {
    const checked = await checkPackage(createPackageFromTarballData(readFileSync(project.tarball)));
    const problems = checked.types === false ? ["no types"] : checked.problems;
    // It is ESM only: whoever requires it gets ESM, which Node 22 loads.
    const kinds = problems.map((problem) => (typeof problem === "string" ? problem : problem.kind));
    expect(new Set(kinds)).toEqual(new Set(["CJSResolvesToESM"]));
  });

  test("holds JavaScript, declarations, source maps, examples and its licence; no tests and no scripts of ours", () => {
    const names = execFileSync("tar", ["-tzf", project.tarball], { encoding: "utf8" }).split("\n");
    const wanted = [
      "index.js",
      "index.d.ts",
      "index.js.map",
      "verify/index.js",
      "examples/worker.ts",
      "LICENSE",
      "README.md",
    ];
    for (const name of wanted) expect(names).toContain(`package/${name}`);
    expect(names.filter((name) => /test|build\.ts|tsconfig/.test(name))).toEqual([]);
  });

  test("has source maps that carry their sources, one for each file", () => {
    const files = globSync("**/*.js", { cwd: project.dist });
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const map = JSON.parse(readFileSync(join(project.dist, `${file}.map`), "utf8")) as { sourcesContent?: string[] };
      expect(map.sourcesContent?.[0], file).toMatch(/export|import/);
    }
  });

  test("says which Node it needs, and asks for nothing at its installation", () => {
    const manifest = JSON.parse(readFileSync(join(project.dist, "package.json"), "utf8"));
    expect(manifest).toMatchObject({ type: "module", engines: { node: ">=22.19" }, sideEffects: false });
    expect(manifest).not.toHaveProperty("scripts");
    expect(Object.keys(manifest.dependencies)).toEqual(["jose", "undici"]);
  });

  test("is less than 30 KB of our own code: all its entries, minified and compressed", async () => {
    const entries = ["index.js", "verify/index.js", "contract.js", "protocol.js"].map((name) =>
      join(project.dist, name),
    );
    const bundle = await rolldown({ input: entries, external: (id) => /^[^./]/.test(id) });
    const { output } = await bundle.generate({ minify: true });
    const code = output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
    expect(gzipSync(code).byteLength).toBeLessThan(MAX_BYTES);
  });

  test("has a verifier that runs where there is no Node: nothing of Node is imported or named", async () => {
    const bundle = await rolldown({ input: join(project.dist, "verify/index.js"), external: ["jose"] });
    const { output } = await bundle.generate();
    expect(output[0].imports).toEqual(["jose"]);
    expect(output[0].code).not.toMatch(/\b(?:Buffer|process|require|global)\b\s*[.([]/);
  });
});

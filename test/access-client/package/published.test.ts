import { execFileSync, spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkIntoProject, type PackedProject, packProject, ROOM } from "../support/packed-project.ts";

const MAX_BYTES = 30_000;
const TSC = join(ROOM, "../node_modules/.bin/tsc");

let project: PackedProject;
beforeAll(() => {
  project = packProject();
}, 120_000);
afterAll(() => project.remove());

describe("the package that is published", () => {
  test("has nothing that publint would complain of", async () => {
    const { messages } = await publint({ pkgDir: project.installed, strict: true });
    expect(messages).toEqual([]);
  });

  test("has types that resolve wherever ESM does", async () => {
    const checked = await checkPackage(createPackageFromTarballData(readFileSync(project.tarball)));
    // Its profile for ESM alone: Node 22 loads ESM for `require`, and the resolution before `exports` knows no subpaths.
    const problems = checked.types === false ? [{ kind: "NoTypes" }] : checked.problems;
    const resolutions: readonly unknown[] = ["node16-esm", "bundler"];
    expect(problems.filter((one) => !("resolutionKind" in one) || resolutions.includes(one.resolutionKind))).toEqual(
      [],
    );
  });

  test.each([
    ["as Node resolves", ["--module", "nodenext"]],
    ["as bundlers do", ["--module", "esnext", "--moduleResolution", "bundler"]],
  ])("has declarations that a strict program compiles against, %s, with all that they name", (_, options) => {
    for (const name of ["@types/node", "undici-types"]) linkIntoProject(project, name);
    const strict = ["--strict", "--skipLibCheck", "false", "--noEmit", "--target", "es2024", "--types", "node"];
    const files = ["report", "kubernetes", "worker"].map((name) => `examples/${name}.ts`);
    const { stdout } = spawnSync(TSC, [...strict, ...options, ...files], { cwd: project.folder, encoding: "utf8" });
    expect(stdout).toBe("");
  });

  test("holds JavaScript, declarations, source maps, examples and its licence; no tests and no scripts of ours", () => {
    const names = execFileSync("tar", ["-tzf", project.tarball], { encoding: "utf8" }).split("\n");
    const wanted = [
      "dist/index.js",
      "dist/index.d.ts",
      "dist/index.js.map",
      "dist/verify/index.js",
      "examples/worker.ts",
      "LICENSE",
      "README.md",
    ];
    for (const name of wanted) expect(names).toContain(`package/${name}`);
    expect(names.filter((name) => /test|pack\.ts|tsconfig|workspace|package\/src/.test(name))).toEqual([]);
  });

  test("has source maps that carry their sources, one for each file", () => {
    const files = globSync("dist/**/*.js", { cwd: project.installed });
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const map = JSON.parse(readFileSync(join(project.installed, `${file}.map`), "utf8")) as {
        sourcesContent?: string[];
      };
      expect(map.sourcesContent?.[0], file).toMatch(/export|import/);
    }
  });

  test("says which Node it needs, and asks for nothing at its installation", () => {
    const manifest = JSON.parse(readFileSync(join(project.installed, "package.json"), "utf8"));
    expect(manifest).toMatchObject({ type: "module", engines: { node: ">=22.19" }, sideEffects: false });
    expect(manifest).not.toHaveProperty("scripts");
    expect(Object.keys(manifest.dependencies)).toEqual(["jose", "undici"]);
  });

  test("is less than 30 KB of our own code: all its entries, minified and compressed", async () => {
    const files = ["index.js", "verify/index.js", "contract.js", "protocol.js"];
    const entries = files.map((name) => join(project.installed, "dist", name));
    const bundle = await rolldown({ input: entries, external: (id) => /^[^./]/.test(id) });
    const { output } = await bundle.generate({ minify: true });
    const code = output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
    expect(gzipSync(code).byteLength).toBeLessThan(MAX_BYTES);
  });

  test("has a verifier that runs where there is no Node: nothing of Node is imported or named", async () => {
    const bundle = await rolldown({ input: join(project.installed, "dist/verify/index.js"), external: ["jose"] });
    const { output } = await bundle.generate();
    expect(output[0].imports).toEqual(["jose"]);
    expect(output[0].code).not.toMatch(/\b(?:Buffer|process|require|global)\b\s*[.([]/);
  });
});

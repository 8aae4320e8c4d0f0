import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createPageAssets } from "../../service/src/index.ts";

const root = mkdtempSync(join(tmpdir(), "gatehouse-page-"));
mkdirSync(join(root, "page"));
writeFileSync(join(root, "page", "app.ts"), "export const answer: number = 42;\n");
writeFileSync(join(root, "page", "look.css"), "body { margin: 0 }\n");
writeFileSync(join(root, "secret.ts"), "export const secret = 1;\n");
const assets = createPageAssets({ folder: join(root, "page"), modules: { "zod.js": "zod" }, from: import.meta.url });

describe("createPageAssets", () => {
  test("sends TypeScript as JavaScript with its types stripped in place", () => {
    const asset = assets("page/app.ts");
    expect(asset?.contentType).toBe("text/javascript; charset=utf-8");
    expect(asset?.body.toString()).toBe("export const answer         = 42;\n");
  });

  test("sends other files as they are, with a validator", () => {
    expect(assets("page/look.css")).toMatchObject({ contentType: "text/css; charset=utf-8" });
    expect(assets("page/look.css")?.etag).toMatch(/^"[\w-]{22}"$/);
  });

  test("sends only the package files that were named", () => {
    expect(assets("modules/other.js")).toBeUndefined();
  });

  test.each(["page/../secret.ts", "page/absent.ts", "page/", "page", "", "other/app.ts", "page/%2e%2e/secret.ts"])(
    "has nothing for %j",
    (path) => {
      expect(assets(path)).toBeUndefined();
    },
  );

  test.each(["page/app.ts/x.ts", `page/${"a".repeat(5_000)}.ts`])(
    "a path that can name no file is none: %#",
    (path) => {
      expect(assets(path)).toBeUndefined();
    },
  );

  test("one file is kept once, however it is spelled", () => {
    expect(assets("page/a/b/../../app.ts")).toBe(assets("page/app.ts"));
  });

  test("a package that is not installed stops the start with a code", () => {
    const options = { folder: root, modules: { "x.js": "not-a-package-of-ours" }, from: import.meta.url };
    expect(() => createPageAssets(options)).toThrow(expect.objectContaining({ code: "ERR_ASSET_MISSING" }));
  });
});

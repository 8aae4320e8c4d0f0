import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createPageAssets, type PageAssets, preactModules } from "@gatehouse/service";

const FOLDER = fileURLToPath(new URL("./page", import.meta.url));

/** Browser modules, straight from the packages. */
const MODULES = preactModules(import.meta.url);

export interface PageFiles {
  readonly assets: PageAssets;
  /** Changes with any of the files: it is part of their addresses, so that browsers may keep them for good. */
  readonly version: string;
  /** Names of the packages' modules, without `.mjs`. */
  readonly modules: readonly string[];
  /** The page's own modules: all are asked for at once, and not level by level of their imports. */
  readonly scripts: readonly string[];
}

/** Reads the page's files, once. @throws {ServiceError} `ERR_ASSET_MISSING` */
export function openPageFiles(): PageFiles {
  const assets = createPageAssets({ folder: FOLDER, modules: MODULES, from: import.meta.url });
  const own = globSync("**/*.{ts,css,svg}", { cwd: FOLDER })
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
  const paths = [...Object.keys(MODULES).map((name) => `modules/${name}`), ...own.map((file) => `page/${file}`)];
  const etags = paths.map((path) => assets(path)?.etag);
  return {
    assets,
    version: createHash("sha256").update(etags.join()).digest("hex").slice(0, 16),
    modules: Object.keys(MODULES).map((name) => name.replace(/\.mjs$/, "")),
    scripts: own.filter((file) => file.endsWith(".ts")),
  };
}

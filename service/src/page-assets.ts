import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, resolve, sep } from "node:path";
import { ServiceError } from "./errors.ts";

/** One file of a page, ready to send. */
export interface PageAsset {
  readonly body: Buffer;
  readonly contentType: string;
  /** Strong validator, quoted, for `ETag` and `If-None-Match`. */
  readonly etag: string;
}

export interface PageAssetsOptions {
  /** Folder of the page's own files: `.ts` (sent as JavaScript, types stripped), `.css`, `.html`, `.svg`. */
  readonly folder: string;
  /** Browser modules from packages: name under `/modules/` → file inside an installed package, as `require.resolve` takes it. */
  readonly modules?: Readonly<Record<string, string>>;
  /** `import.meta.url` of the app, from which the packages are resolved. */
  readonly from: string;
}

/** Gives an asset for `page/<file>` or `modules/<name>`, or nothing. */
export type PageAssets = (path: string) => PageAsset | undefined;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ts": "text/javascript; charset=utf-8",
};

/** What a path that names no file fails with: `/page/main.ts/x.ts`, or one longer than names may be, are the asker's mistake. */
const NOT_THERE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG"]);

/**
 * Serves a page's files without a build: TypeScript with its types stripped in place (so lines and columns stay), and
 * browser modules straight from installed packages. Each file is read once and kept.
 *
 * @throws {ServiceError} `ERR_ASSET_MISSING` at construction, when a package's file is not there.
 */
export function createPageAssets(options: PageAssetsOptions): PageAssets {
  const modules = resolveModules(options);
  const folder = resolve(options.folder);
  const kept = new Map<string, PageAsset>();
  return (path) => {
    // Kept by file: one file has any number of paths, such as `page/x/../main.ts`.
    const file = fileFor(path, folder, modules);
    const asset = kept.get(file ?? "") ?? readAsset(file);
    if (file !== undefined && asset !== undefined) kept.set(file, asset);
    return asset;
  };
}

function resolveModules({ modules = {}, from }: PageAssetsOptions): ReadonlyMap<string, string> {
  const require = createRequire(from);
  const entries = Object.entries(modules).map(([name, file]): [string, string] => {
    try {
      return [name, require.resolve(file)];
    } catch (cause) {
      throw new ServiceError("ERR_ASSET_MISSING", `The browser module ${file} is not installed; run npm install.`, {
        cause,
      });
    }
  });
  return new Map(entries);
}

function fileFor(path: string, folder: string, modules: ReadonlyMap<string, string>): string | undefined {
  const [area, ...rest] = path.split("/");
  const name = rest.join("/");
  if (area === "modules") return modules.get(name);
  const file = resolve(join(folder, name));
  return area === "page" && file.startsWith(folder + sep) ? file : undefined;
}

function readAsset(file: string | undefined): PageAsset | undefined {
  const contentType = file === undefined ? undefined : CONTENT_TYPES[extname(file)];
  if (file === undefined || contentType === undefined) return undefined;
  try {
    const source = readFileSync(file);
    const body = extname(file) === ".ts" ? stripTypes(source.toString("utf8")) : source;
    return { body, contentType, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"` };
  } catch (error) {
    if (NOT_THERE.has((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** Loaded with the first page: it takes 23 MB, which a process that shows none need not have. */
const loadStripper = () => createRequire(import.meta.url)("amaro") as typeof import("amaro");

function stripTypes(source: string): Buffer {
  const { transformSync } = loadStripper();
  return Buffer.from(transformSync(source, { mode: "strip-only" }).code);
}

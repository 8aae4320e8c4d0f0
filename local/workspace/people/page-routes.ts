import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAssetSender, createPageAssets, preactModules } from "@gatehouse/service";
import express, { type Router } from "express";

const PAGE_FOLDER = fileURLToPath(new URL("../page", import.meta.url));
const MODULES = preactModules(import.meta.url);
const CHARTS = { "echarts.mjs": "echarts/dist/echarts.esm.min.mjs" };

/** Serves the page: its HTML, its own files under `/page/`, and the packages' browser modules under `/modules/`. */
export function createPageRoutes(): Router {
  const html = readFileSync(join(PAGE_FOLDER, "index.html"), "utf8").replace("<!-- modulepreload -->", preloads());
  const policy = contentSecurityPolicy(html);
  const assets = createPageAssets({ folder: PAGE_FOLDER, modules: { ...MODULES, ...CHARTS }, from: import.meta.url });
  const sendAsset = createAssetSender(assets);
  const router = express.Router();
  router.get("/", (_request, response) => {
    response.set("Content-Security-Policy", policy).set("Cache-Control", "no-cache").type("html").send(html);
  });
  router.get(["/page/{*file}", "/modules/{*file}"], (request, response) => {
    if (!sendAsset(request.path.slice(1), request, response)) response.sendStatus(404);
  });
  return router;
}

/** Names every module up front, so that the browser asks for all at once and not level by level of their imports. */
function preloads(): string {
  const own = globSync("**/*.ts", { cwd: PAGE_FOLDER }).map((file) => `/page/${file.replaceAll("\\", "/")}`);
  // Not the chart library: it is large and comes with the first chart.
  const packages = Object.keys(MODULES).map((name) => `/modules/${name}`);
  return [...packages, ...own].map((address) => `<link rel="modulepreload" href="${address}">`).join("\n    ");
}

/** Scripts from this server only; the import map, which must stand in the page, is let in by its hash. */
function contentSecurityPolicy(html: string): string {
  const importMap = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(importMap).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    // Charts size and colour their elements with style attributes.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

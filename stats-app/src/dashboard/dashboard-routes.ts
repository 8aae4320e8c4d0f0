import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { createPageAssets, type PageAsset } from "@gatehouse/service";
import { Router } from "express";
import helmet from "helmet";
import { importMapHash, renderPage } from "./page-html.ts";

const FOLDER = fileURLToPath(new URL("./page", import.meta.url));

/** Browser modules, straight from the packages. */
const MODULES = {
  "preact.mjs": "preact",
  "preact-hooks.mjs": "preact/hooks",
  // The package exports its browser module only to importers, and a path is asked for here.
  "htm.mjs": createRequire(import.meta.url)
    .resolve("htm")
    .replace(/\.js$/, ".mjs"),
  "echarts.mjs": "echarts/dist/echarts.esm.min.mjs",
};

/** Smaller ones fit in one packet as they are. */
const MIN_PACKED_BYTES = 1400;

/** The dashboard: one page whose scripts, styles and data all come from this app. */
export function dashboardRoutes(): Router {
  const assets = createPageAssets({ folder: FOLDER, modules: MODULES, from: import.meta.url });
  const packed = createPacker();
  const router = Router();
  router.use(securityHeaders());
  router.get("/", (_request, response) => {
    response.setHeader("cache-control", "no-cache");
    response.type("html").send(renderPage());
  });
  router.get(["/page/*path", "/modules/*path"], (request, response, next) => {
    const asset = assets(request.path.slice(1));
    if (asset === undefined) return next();
    response.setHeader("etag", asset.etag);
    response.setHeader("cache-control", "private, no-cache");
    response.setHeader("vary", "accept-encoding");
    if (request.headers["if-none-match"] === asset.etag) {
      response.status(304).end();
      return;
    }
    response.setHeader("content-type", asset.contentType);
    const isPacked = asset.body.length >= MIN_PACKED_BYTES && request.acceptsEncodings("gzip") === "gzip";
    if (isPacked) response.setHeader("content-encoding", "gzip");
    response.end(isPacked ? packed(asset) : asset.body);
  });
  return router;
}

/** Packs each asset once; the chart library is 1.1 MB plain. */
function createPacker(): (asset: PageAsset) => Buffer {
  const kept = new Map<string, Buffer>();
  return ({ etag, body }) => {
    const known = kept.get(etag) ?? gzipSync(body);
    kept.set(etag, known);
    return known;
  };
}

function securityHeaders() {
  const self = "'self'";
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: [self, importMapHash],
        // The chart library sets styles on its elements; no style can come from elsewhere.
        styleSrc: [self, "'unsafe-inline'"],
        imgSrc: [self, "data:"],
        connectSrc: [self],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    xFrameOptions: { action: "deny" },
    // The gateway in front decides about HTTPS.
    strictTransportSecurity: false,
    referrerPolicy: { policy: "same-origin" },
  });
}

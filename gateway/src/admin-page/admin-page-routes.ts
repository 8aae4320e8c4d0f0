import { createRequire } from "node:module";
import { createAssetSender, createPageAssets } from "@gatehouse/service";
import { Router } from "express";
import helmet from "helmet";
import { importMapHash, PAGE_FOLDER, renderPage } from "./page-html.ts";

/** Browser modules, straight from the packages. */
const MODULES = {
  "preact.mjs": "preact",
  "preact-hooks.mjs": "preact/hooks",
  // The package exports its browser module only to importers, and a path is asked for here.
  "htm.mjs": createRequire(import.meta.url)
    .resolve("htm")
    .replace(/\.js$/, ".mjs"),
};

/** Addresses that the page gives its sections; each can be bookmarked and loaded again. */
const SECTIONS = [
  "service-tokens",
  "applications",
  "policies",
  "groups",
  "identity-providers",
  "tester",
  "people",
  "audit",
  "settings",
];

/**
 * The admin page: static files only. Everything it shows comes from the admin API beside it, with the caller's own rights, so
 * there is nothing to guard here. What is not part of the page goes on to the next handler.
 */
export function createAdminPageRoutes(): Router {
  const html = renderPage();
  const sendAsset = createAssetSender(
    createPageAssets({ folder: PAGE_FOLDER, modules: MODULES, from: import.meta.url }),
  );
  const router = Router();
  const secure = securityHeaders();
  router.get(["/", ...SECTIONS.map((name) => `/${name}{/*rest}`)], secure, (_request, response) => {
    response.setHeader("cache-control", "no-cache");
    response.type("html").send(html);
  });
  router.get(["/page/*path", "/modules/*path"], secure, (request, response, next) => {
    if (!sendAsset(request.path.slice(1), request, response)) next();
  });
  return router;
}

/** Nothing inline, nothing from elsewhere, and no text ever becomes markup: names in lists are strangers' words. */
function securityHeaders() {
  const self = "'self'";
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: [self, importMapHash],
        styleSrc: [self],
        imgSrc: [self, "data:"],
        connectSrc: [self],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["'none'"],
      },
    },
    xFrameOptions: { action: "deny" },
    // Whoever puts TLS in front decides about HTTPS.
    strictTransportSecurity: false,
    referrerPolicy: { policy: "no-referrer" },
  });
}

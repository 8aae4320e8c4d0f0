import { fileURLToPath } from "node:url";
import { createAssetSender, createPageAssets, preactModules } from "@gatehouse/service";
import { Router } from "express";
import helmet from "helmet";
import { importMapHash, renderPage } from "./page-html.ts";

const FOLDER = fileURLToPath(new URL("./page", import.meta.url));

/** Browser modules, straight from the packages. */
const MODULES = { ...preactModules(import.meta.url), "echarts.mjs": "echarts/dist/echarts.esm.min.mjs" };

/** The dashboard: one page whose scripts, styles and data all come from this app. */
export function dashboardRoutes(): Router {
  const sendAsset = createAssetSender(createPageAssets({ folder: FOLDER, modules: MODULES, from: import.meta.url }));
  const router = Router();
  router.use(securityHeaders());
  router.get("/", (_request, response) => {
    response.setHeader("cache-control", "no-cache");
    response.type("html").send(renderPage());
  });
  router.get(["/page/*path", "/modules/*path"], (request, response, next) => {
    if (!sendAsset(request.path.slice(1), request, response)) next();
  });
  return router;
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

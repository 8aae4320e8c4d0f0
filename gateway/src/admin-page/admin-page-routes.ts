import { createAssetSender } from "@gatehouse/service";
import { Router } from "express";
import helmet from "helmet";
import { openPageFiles } from "./page-files.ts";
import { renderPage } from "./page-html.ts";

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

const ADDRESSES = ["/", ...SECTIONS.map((name) => `/${name}{/*rest}`)];

/**
 * The admin page: static files only. Everything it shows comes from the admin API beside it, with the caller's own rights, so
 * there is nothing to guard here. What is not part of the page goes on to the next handler.
 */
export function createAdminPageRoutes(): Router {
  const router = Router();
  // Put together when it is first asked for: what strips the types takes 40 MB, which a gateway whose page nobody opens need not have.
  let page: Router | undefined;
  // No wider than the page's own: for a path of the API, express would answer OPTIONS in its own words.
  router.get([...ADDRESSES, "/page/:version/*path", "/modules/:version/*path"], (...asked) => {
    page ??= openPage();
    page(...asked);
  });
  return router;
}

function openPage(): Router {
  const files = openPageFiles();
  const { text, importMapHash } = renderPage(files);
  const sendAsset = createAssetSender(files.assets, "private, max-age=31536000, immutable");
  const router = Router();
  const secure = securityHeaders(importMapHash);
  router.get(ADDRESSES, secure, (_request, response) => {
    response.setHeader("cache-control", "no-cache");
    response.type("html").send(text);
  });
  router.get(`/:area/${files.version}/*path`, secure, (request, response, next) => {
    const path = request.path.slice(1).replace(`/${files.version}/`, "/");
    if (!sendAsset(path, request, response)) next();
  });
  return router;
}

/** Nothing inline, nothing from elsewhere, and no text ever becomes markup: names in lists are strangers' words. */
function securityHeaders(importMapHash: string) {
  const self = "'self'";
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: [self, importMapHash],
        styleSrc: [self],
        imgSrc: [self],
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

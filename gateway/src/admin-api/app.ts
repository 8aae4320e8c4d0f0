import express, { type Express, type RequestHandler, Router } from "express";
import helmet from "helmet";
import { answerFailure, answerNotFound, answerWith, refuseMethod } from "./answers.ts";
import { type AdminAuthenticationDeps, authenticateCaller, requireScope } from "./authenticate.ts";
import { readJsonBody, refuseNulInUrl } from "./body.ts";
import { type ExchangeDeps, openExchange } from "./exchange.ts";
import type { ApiRoute, ApiScope } from "./route.ts";
import { sessionRoutes } from "./session.ts";
import { verifyToken } from "./token-verify.ts";

/** Something else on the admin server's port: health, metrics, the admin page, a stream. */
export interface AdminMount {
  /** As express reads it: `/livez`, `/client/v4/accounts/:account_id/access/logs/tail`. */
  readonly path: string;
  /** With it, the caller must show an API token that has this scope (`exchangeOf(response).caller`); without, nothing is asked. */
  readonly scope?: ApiScope;
  /** A handler, or a whole express Router. */
  readonly handler: RequestHandler;
}

export interface AdminAppDeps extends AdminAuthenticationDeps, ExchangeDeps {
  readonly routes: readonly ApiRoute[];
  readonly mounts: readonly AdminMount[];
}

/** The order of one request to the admin server, in one place: log, headers, mounts, the page's session, then the API. */
export function createAdminApp(deps: AdminAppDeps): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  app.use(openExchange(deps));
  app.use(helmet(HEADERS), noStore);
  for (const { path, scope, handler } of deps.mounts) {
    const guards = scope === undefined ? [] : [authenticateCaller(deps), requireScope(scope)];
    app.use(path, ...guards, handler);
  }
  app.use("/session", sessionRoutes(deps));
  app.use("/client/v4", authenticateCaller(deps), refuseNulInUrl, apiRouter(deps.routes));
  app.use(answerNotFound);
  app.use(answerFailure(deps.logger));
  return app;
}

/** For answers that are data. A page sets a Content-Security-Policy of its own. */
const HEADERS = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  // Whether there is TLS is for whoever ends it to say.
  strictTransportSecurity: false,
} as const;

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader("cache-control", "no-store");
  next();
};

const SCOPES = ["/accounts/:account_id", "/zones/:zone_id"] as const;

function apiRouter(routes: readonly ApiRoute[]): Router {
  const router = Router();
  for (const owner of ["/user", "/accounts/:account_id"]) {
    const place = router.route(`${owner}/tokens/verify`);
    place.get(verifyToken).all(refuseMethod(["GET"]));
  }
  for (const scope of SCOPES) {
    const served = routes.filter(({ isAccountOnly }) => isAccountOnly !== true || scope === SCOPES[0]);
    for (const [path, ofPath] of Map.groupBy(served, (route) => route.path)) mountPath(router, scope + path, ofPath);
  }
  return router;
}

function mountPath(router: Router, path: string, routes: readonly ApiRoute[]): void {
  const place = router.route(path);
  for (const route of routes) {
    const method = route.method.toLowerCase() as Lowercase<ApiRoute["method"]>;
    place[method](requireScope(route.scope), readJsonBody(), answerWith(route));
  }
  place.all(refuseMethod(routes.map(({ method }) => method)));
}

import type { Logger } from "@gatehouse/service";
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from "express";
import { refusalOf } from "./guard.ts";
import type { Parts } from "./parts.ts";
import { createPageRoutes } from "./people/page-routes.ts";
import { createPeopleRoutes } from "./people/routes.ts";
import { createRequestLog } from "./request-log.ts";
import type { WorkspaceSecrets } from "./store/secret-store.ts";
import { createWebApiRoutes } from "./web-api/routes.ts";

export type HttpAppDeps = Parts & { readonly secrets: WorkspaceSecrets; readonly logger: Logger };

/** The order of one request: logged, guarded, then the app's routes, the people's, and the page. */
export function createHttpApp(deps: HttpAppDeps): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(createRequestLog(deps.logger));
  app.use(guard);
  app.use(createWebApiRoutes(deps));
  app.use("/workspace", createPeopleRoutes(deps));
  app.use(createPageRoutes());
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    answerError(error, response, deps.logger),
  );
  return app;
}

const HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
};

const guard: RequestHandler = (request, response, next) => {
  response.set(HEADERS);
  const refusal = refusalOf(request.headers);
  if (refusal === undefined) next();
  else response.status(403).json({ error: refusal });
};

/** Unreadable bodies and addresses carry their status; anything else is our mistake. */
function answerError(error: unknown, response: Response, logger: Logger): void {
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  if (status >= 500) logger.error({ err: error }, "workspace request failed");
  response.status(status).json({ ok: false, error: status >= 500 ? "internal_error" : "invalid_request" });
}

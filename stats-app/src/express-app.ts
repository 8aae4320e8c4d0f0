import type { Verifier } from "@gatehouse/access-client/verify";
import type { Logger } from "@gatehouse/service";
import express, { type Express } from "express";
import { dashboardRoutes } from "./dashboard/dashboard-routes.ts";
import type { QuestionService } from "./query/question-service.ts";
import { eventRoutes } from "./routes/event-routes.ts";
import { answerFailure, answerNotFound } from "./routes/failure.ts";
import { healthRoutes } from "./routes/health-routes.ts";
import { queryRoutes } from "./routes/query-routes.ts";
import { createRequestLog } from "./routes/request-log.ts";
import { requireSubject } from "./routes/subject.ts";
import type { Store } from "./store/store.ts";

export interface ExpressAppDeps {
  readonly verifier: Verifier;
  readonly questions: QuestionService;
  readonly store: Store;
  readonly now: () => number;
  readonly logger: Logger;
  readonly queryTimeoutMs: number;
}

/** The order of one request, in one place: health, log, who asks, then the routes. */
export function createExpressApp({ verifier, questions, store, now, logger, queryTimeoutMs }: ExpressAppDeps): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  app.use(healthRoutes(store));
  app.use(createRequestLog(logger));
  app.use(requireSubject(verifier));
  app.use("/api/v1", noStore, queryRoutes(questions, queryTimeoutMs), eventRoutes(store, now));
  app.use(dashboardRoutes());
  app.use(answerNotFound);
  app.use(answerFailure);
  return app;
}

const noStore: express.RequestHandler = (_request, response, next) => {
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-content-type-options", "nosniff");
  next();
};

import { accessSubject } from "@gatehouse/access-client/verify";
import express, { type NextFunction, type Request, type Response, Router } from "express";
import { StatsError } from "../errors.ts";
import { publishedSchema } from "../query/published-schema.ts";
import type { QuestionService } from "../query/question-service.ts";
import { describeSubject } from "./subject.ts";

const MAX_QUERY_BYTES = 64 * 1024;

/** What can be asked, and asking. */
export function queryRoutes(questions: QuestionService, queryTimeoutMs: number): Router {
  const router = Router();
  router.get("/metrics", async (_request, response) => {
    response.json(await questions.catalogue());
  });
  router.get("/schema", (_request, response) => {
    response.json(publishedSchema);
  });
  router.get("/me", (request, response) => {
    response.json(describeSubject(accessSubject(request)));
  });
  router.post("/query", requireJson, express.json({ limit: MAX_QUERY_BYTES }), async (request, response) => {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(queryTimeoutMs)]);
    const answer = await questions.ask(request.body, signal);
    response.locals["metric"] = answer.query.metric;
    response.json(answer);
  });
  return router;
}

/** A page elsewhere can make a browser post a form or plain text with the person's cookie, but not JSON without being allowed to. */
function requireJson(request: Request, _response: Response, next: NextFunction): void {
  if (request.is("application/json")) next();
  else next(new StatsError("ERR_REQUEST_CONTENT_TYPE", "Send the query as application/json."));
}

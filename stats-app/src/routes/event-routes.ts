import express, { type Request, type RequestHandler, Router } from "express";
import { StatsError } from "../errors.ts";
import { type BatchType, readBatch } from "../ingest/batch-body.ts";
import { ingestBatch } from "../ingest/ingest.ts";
import { usOfMs } from "../query/time-zone.ts";
import type { Store } from "../store/store.ts";
import { requireService } from "./subject.ts";

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Events in. */
export function eventRoutes(store: Store, now: () => number): Router {
  const router = Router();
  const readBody = express.raw({ limit: MAX_BODY_BYTES, type: () => true });
  router.post("/events", requireService, requireBatchType, readBody, async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const entries = readBatch(body, batchType(request) ?? "application/json");
    const isStrict = request.query["strict"] === "true";
    response.json(await ingestBatch(store, entries, { isStrict, nowUs: usOfMs(now()) }));
  });
  return router;
}

const requireBatchType: RequestHandler = (request, _response, next) => {
  if (batchType(request) !== undefined) return next();
  next(new StatsError("ERR_REQUEST_CONTENT_TYPE", "Send application/x-ndjson (an event a line) or application/json."));
};

function batchType(request: Request): BatchType | undefined {
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  return type === "application/x-ndjson" || type === "application/json" ? type : undefined;
}

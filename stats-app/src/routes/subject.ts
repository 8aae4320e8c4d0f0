import { accessMiddleware, accessSubject, type Subject, type Verifier } from "@gatehouse/access-client/verify";
import type { Request, RequestHandler } from "express";
import { StatsError } from "../errors.ts";
import type { Me } from "./me.ts";
import { traceOf } from "./request-log.ts";

/** Lets a request pass only with a valid Access JWT, and notes for the log who it stands for, or why it was refused. */
export function requireSubject(verifier: Verifier): RequestHandler[] {
  const verify = accessMiddleware<Request>(verifier, {
    onRefused: (error, request) => {
      if (request.res !== undefined) request.res.locals["failure"] = error;
    },
    requestId: (request) => traceOf(request).traceId,
  });
  const note: RequestHandler = (request, response, next) => {
    const subject = accessSubject(request);
    response.locals["subject"] = subject.kind === "service" ? subject.clientId : subject.email;
    next();
  };
  return [verify, note];
}

/** Refuses people: events come from programs. */
export const requireService: RequestHandler = (request, _response, next) => {
  if (accessSubject(request).kind === "service") return next();
  next(new StatsError("ERR_INGEST_SERVICE_ONLY", "Only a service token may post events, not a person."));
};

/** Who asks, for `GET /api/v1/me`. */
export function describeSubject(subject: Subject): Me {
  if (subject.kind === "service") return { kind: "service", clientId: subject.clientId };
  return { kind: "person", email: subject.email, name: subject.name ?? subject.email };
}

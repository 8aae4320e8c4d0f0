import type { IncomingMessage } from "node:http";
import { type RequestHandler, Router } from "express";
import type { AdminMount } from "../admin-api/app.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { type ReadinessFacts, readinessOf } from "./readiness.ts";

export interface HealthDeps {
  readonly metrics: Pick<Metrics, "expose">;
  readonly facts: () => ReadinessFacts;
  /** What a scraper from elsewhere has to pass: an API token that may read audit logs. */
  readonly guards: readonly RequestHandler[];
}

/**
 * `/livez`, `/readyz` and `/metrics`, for the admin port: what they tell is nobody's business who only comes for an application
 * (CVE-2022-24797), and on the public port they would hide an application's own paths.
 */
export function healthMounts({ metrics, facts, guards }: HealthDeps): readonly AdminMount[] {
  return [
    { path: "/livez", handler: Router().get("/", (_request, response) => void response.json({ status: "alive" })) },
    {
      path: "/readyz",
      handler: Router().get("/", (_request, response) => {
        const readiness = readinessOf(facts());
        response.status(readiness.status === "ready" ? 200 : 503).json(readiness);
      }),
    },
    { path: "/metrics", handler: metricsRouter(metrics, guards) },
  ];
}

function metricsRouter(metrics: HealthDeps["metrics"], guards: readonly RequestHandler[]): Router {
  const router = Router();
  const expose: RequestHandler = async (_request, response) => {
    const { contentType, body } = await metrics.expose();
    response.setHeader("content-type", contentType);
    response.end(body);
  };
  router.get(
    "/",
    (request, _response, next) => next(isFromThisMachine(request) ? "route" : undefined),
    ...guards,
    expose,
  );
  router.get("/", expose);
  return router;
}

const LOOPBACK_ADDRESS = /^(?:::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
const FORWARDING_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

interface Arrival {
  readonly socket: Pick<IncomingMessage["socket"], "remoteAddress">;
  readonly headers: IncomingMessage["headers"];
}

/** Straight from a program here: not through a proxy on this machine, and not by a name that a page bound to our address. */
export function isFromThisMachine({ socket, headers }: Arrival): boolean {
  const isForwarded = FORWARDING_HEADERS.some((name) => headers[name] !== undefined);
  return LOOPBACK_ADDRESS.test(socket.remoteAddress ?? "") && LOOPBACK_HOST.test(headers.host ?? "") && !isForwarded;
}

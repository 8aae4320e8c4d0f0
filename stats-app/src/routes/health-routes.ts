import { Router } from "express";
import { sql } from "../store/sql.ts";
import type { Store } from "../store/store.ts";

/** Open to everyone, and telling nothing but alive and ready. */
export function healthRoutes(store: Store): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.type("text/plain").send("ok\n");
  });
  router.get("/readyz", async (_request, response) => {
    const isReady = await store.read(sql`SELECT 1 AS one`).then(
      () => true,
      () => false,
    );
    response
      .status(isReady ? 200 : 503)
      .type("text/plain")
      .send(isReady ? "ready\n" : "not ready\n");
  });
  return router;
}

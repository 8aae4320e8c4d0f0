import { createServer } from "node:http";
import { closeServer, listen } from "@gatehouse/service";
import { type AdminAppDeps, createAdminApp } from "./app.ts";

export interface AdminServerConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Named in the message when the port is taken. */
  readonly variable?: string;
}

export interface AdminServer {
  /** Resolves with the port. @throws {ServiceError} `ERR_PORT_IN_USE`, `ERR_LISTEN_FAILED` */
  listen(): Promise<number>;
  /** Lets open calls finish for `graceMs`. */
  close(graceMs: number): Promise<void>;
}

const LOOPBACK = /^(?:127\.|::1$|localhost$)/;
const HEAD_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** The admin API, and what is mounted beside it, on a port of its own, which nobody who is not an admin needs to reach. */
export function createAdminServer(config: AdminServerConfig, deps: AdminAppDeps): AdminServer {
  const server = createServer(
    { headersTimeout: HEAD_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    createAdminApp(deps),
  );
  if (!LOOPBACK.test(config.host)) {
    deps.logger.warn(
      { host: config.host },
      "the admin API can be reached from other machines, by plain http: put TLS before it",
    );
  }
  return {
    listen: () => listen(server, { what: "the admin API", ...config }),
    close: (graceMs) => closeServer(server, graceMs),
  };
}

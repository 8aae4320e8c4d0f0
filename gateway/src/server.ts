import { once } from "node:events";
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "@gatehouse/service";
import { adminMounts, adminRoutes } from "./admin-api/routes.ts";
import { type AdminServer, createAdminServer } from "./admin-api/server.ts";
import type { Gateway, GatewayConfig, GatewayDeps } from "./options.ts";
import { openParts, type Parts } from "./parts.ts";
import { unknownTokens } from "./policies/unknown-tokens.ts";
import { openFront } from "./request/front.ts";

const DEFAULT_GRACE_MS = 5_000;
const IDLE_SWEEP_INTERVAL_MS = 50;

/**
 * The Access gateway: an HTTP server in front of the applications of its policy file.
 *
 * @throws {StoreError} `ERR_STORE_UNUSABLE`
 * @throws {GatewayError} `ERR_SECRET_KEY_MISMATCH`, `ERR_TLS_UNUSABLE`
 */
export async function createGateway(config: GatewayConfig, deps: GatewayDeps): Promise<Gateway> {
  const parts = await openParts(config, deps);
  const server = openFront(parts);
  for (const policy of unknownTokens(config.policies, parts.hasToken)) {
    parts.logger.warn({ policy }, "a policy names a service token that is not there");
  }
  const admin = config.admin === undefined ? undefined : openAdminServer(config.admin, parts);
  return {
    listen: () => listen(server, { what: "the gateway", ...config.listen }),
    listenAdmin: async () => admin?.listen(),
    tokens: parts.tokens,
    apiTokens: parts.apiTokens,
    async close(graceMs = DEFAULT_GRACE_MS) {
      parts.stopping.abort();
      parts.openRequests.endConnections();
      await sleep(config.drainDelayMs ?? 0);
      await closeFront(server, parts, graceMs);
      await admin?.close(graceMs);
      parts.pools.close();
      await parts.lastSeen.close();
      await parts.audit.close();
      await parts.admin.lastUsed.close();
      parts.keyRotation.close();
      parts.inactiveTokens.close();
      parts.configuration.close();
      parts.feed.close();
      await parts.store.destroy();
    },
  };
}

function openAdminServer(config: NonNullable<GatewayConfig["admin"]>, parts: Parts): AdminServer {
  const { logger, now } = parts;
  const { hosts = [] } = config;
  return createAdminServer(config, {
    ...parts.admin,
    audit: parts.audit,
    logger,
    now,
    hosts,
    routes: adminRoutes(parts),
    mounts: adminMounts(parts),
  });
}

/**
 * No new connections; every answer ends its own; open requests have `graceMs`; WebSockets, which have no end, come last.
 */
async function closeFront(server: Server, { openRequests, openExchanges, tls }: Parts, graceMs: number): Promise<void> {
  const closed = server.listening ? once(server, "close") : undefined;
  server.close();
  // A connection that was busy when the closing began becomes idle later, and would keep us waiting for nothing.
  const idleSweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_INTERVAL_MS);
  const cut = setTimeout(() => {
    server.closeAllConnections();
    tls?.cutAll();
  }, graceMs);
  await openRequests.drain(graceMs);
  openExchanges.cutAll();
  await closed;
  clearInterval(idleSweep);
  clearTimeout(cut);
  tls?.close();
}

import type { Logger } from "@gatehouse/service";
import { openAuditLog } from "./audit/audit-log.ts";
import { createSecretBox } from "./keys/secret-box.ts";
import { deriveKeys } from "./keys/secret-key.ts";
import { openSigningKeys } from "./keys/signing-keys.ts";
import { createBindingCookies } from "./login/binding-cookie.ts";
import { environmentProvider } from "./login/environment-provider.ts";
import { createSessions } from "./login/sessions.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { GatewayConfig } from "./options.ts";
import { knownFacts } from "./policies/known-facts.ts";
import { NO_ORIGINS } from "./policies/origins.ts";
import { openConfiguration } from "./resources/open-configuration.ts";
import { openRevocations } from "./revocations/revocations.ts";
import { openChangeFeed } from "./store/change-feed.ts";
import type { Store } from "./store/store.ts";
import { openTokenDirectory } from "./tokens/token-directory.ts";

const DEFAULT_AUDIT_RETENTION_MS = 90 * 24 * 3_600_000;

/** What a gateway stands on: the store and all that follows it in memory. */
export type State = Awaited<ReturnType<typeof openState>>;

export interface Ground {
  readonly logger: Logger;
  readonly now: () => number;
  readonly store: Store;
  readonly metrics: Metrics;
}

/** Reads everything that requests are judged by, and keeps it up to date. Nothing here is asked of the store per request. */
export async function openState(config: GatewayConfig, { logger, now, store, metrics }: Ground) {
  const derived = deriveKeys(config.secretKey);
  const box = createSecretBox(derived.sealing);
  const { databaseUrl, storeGraceMs: graceMs } = config;
  const feed = await openChangeFeed({ store, logger, now, databaseUrl, ...(graceMs !== undefined && { graceMs }) });
  const configuration = await openConfiguration(
    { store, feed, box, logger },
    {
      policies: config.policies,
      policyFile: config.policyFile,
      identityProvider: config.identityProvider === null ? null : environmentProvider(config.identityProvider),
      settings: { origins: config.origins ?? NO_ORIGINS, facts: knownFacts(config) },
    },
  );
  return {
    logger,
    now,
    store,
    metrics,
    box,
    pepper: derived.pepper,
    feed,
    configuration,
    keys: await openSigningKeys({ store, feed, box, now }),
    sessions: createSessions({ store, feed, box, configuration, now }),
    revocations: await openRevocations({ store, feed, now }),
    bindings: createBindingCookies(derived.binding),
    directory: await openTokenDirectory(store, feed),
    audit: openAuditLog({ store, logger, now, retentionMs: config.auditRetentionMs ?? DEFAULT_AUDIT_RETENTION_MS }),
  };
}

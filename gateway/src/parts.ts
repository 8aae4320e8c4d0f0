import { createWrongTokens } from "./admin-api/wrong-tokens.ts";
import { openApiTokenDirectory } from "./api-tokens/api-token-directory.ts";
import { createApiTokens } from "./api-tokens/api-tokens.ts";
import { createLastUsed } from "./api-tokens/last-used.ts";
import { openAuditLog } from "./audit/audit-log.ts";
import { createKeyRotation } from "./keys/key-rotation.ts";
import { createSecretBox } from "./keys/secret-box.ts";
import { deriveKeys } from "./keys/secret-key.ts";
import { openSigningKeys } from "./keys/signing-keys.ts";
import { createVerifiedTokens } from "./keys/verified-tokens.ts";
import { createFailedAuthentications } from "./limits/failed-authentications.ts";
import { createOpenRequests } from "./limits/open-requests.ts";
import { DEFAULT_LIMITS } from "./limits/request-limits.ts";
import { createBindingCookies } from "./login/binding-cookie.ts";
import { environmentProvider } from "./login/environment-provider.ts";
import { createLogin } from "./login/login.ts";
import { createSessions } from "./login/sessions.ts";
import { createMetrics, type Metrics } from "./metrics/metrics.ts";
import type { GatewayConfig, GatewayDeps } from "./options.ts";
import { knownFacts } from "./policies/known-facts.ts";
import { NO_ORIGINS } from "./policies/origins.ts";
import { referrersOf } from "./policies/referrers.ts";
import { createOpenExchanges } from "./proxy/open-exchanges.ts";
import { createOriginPools } from "./proxy/origin-pools.ts";
import { createAuthenticator } from "./request/authenticate.ts";
import { createClientFacts, parseNetworks } from "./request/client-facts.ts";
import { createMetadataTokens } from "./request/metadata-tokens.ts";
import { openTls } from "./request/tls-files.ts";
import { auditPolicyFile } from "./resources/audit-policy-file.ts";
import { openConfiguration } from "./resources/open-configuration.ts";
import { createResources } from "./resources/resources.ts";
import { openRevocations } from "./revocations/revocations.ts";
import { steadyLogger } from "./steady-logger.ts";
import { openChangeFeed } from "./store/change-feed.ts";
import { openStore, type Store } from "./store/store.ts";
import { createInactiveTokens } from "./tokens/inactive-tokens.ts";
import { createLastSeen } from "./tokens/last-seen.ts";
import { createMintedTokens } from "./tokens/minted-tokens.ts";
import { createServiceTokens } from "./tokens/service-tokens.ts";
import { openTokenDirectory } from "./tokens/token-directory.ts";

const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
const DEFAULT_RESPONSE_TIMEOUT_MS = 60_000;

const DEFAULT_AUDIT_RETENTION_MS = 90 * 24 * 3_600_000;

export type Parts = Awaited<ReturnType<typeof openParts>>;

/** Puts the gateway's parts together, each with the others it needs. Opens the store; closes it again if anything fails. */
export async function openParts(config: GatewayConfig, { logger: given, now = Date.now }: GatewayDeps) {
  const logger = steadyLogger(given);
  const derived = deriveKeys(config.secretKey);
  const metrics = createMetrics();
  const store = await openStore(config.databaseUrl, metrics.storeFailed);
  try {
    return await assemble(config, { logger, now, store, metrics, derived });
  } catch (error) {
    await store.destroy();
    throw error;
  }
}

interface Ground {
  readonly logger: GatewayDeps["logger"];
  readonly now: () => number;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly derived: ReturnType<typeof deriveKeys>;
}

async function assemble(config: GatewayConfig, { logger, now, store, metrics, derived }: Ground) {
  const { issuer, policies } = config;
  const box = createSecretBox(derived.sealing);
  const { databaseUrl, storeGraceMs: graceMs } = config;
  const feed = await openChangeFeed({ store, logger, now, databaseUrl, ...(graceMs !== undefined && { graceMs }) });
  const configuration = await openConfiguration(
    { store, feed, box, logger },
    {
      policies,
      policyFile: config.policyFile,
      identityProvider: config.identityProvider === null ? null : environmentProvider(config.identityProvider),
      settings: {
        origins: config.origins ?? NO_ORIGINS,
        facts: knownFacts(config),
      },
    },
  );
  const keys = await openSigningKeys({ store, feed, box, now });
  const sessions = createSessions({ store, feed, box, configuration, now });
  const revocations = await openRevocations({ store, feed, now });
  const bindings = createBindingCookies(derived.binding);
  const verify = createVerifiedTokens({ keys, issuer, configuration, now, onLookUp: metrics.tokenVerified });
  const directory = await openTokenDirectory(store, feed);
  const isStoreCurrent = () => feed.trust() === "current";
  const pepper = derived.pepper;
  const authenticate = createAuthenticator({
    tokens: directory,
    sessions,
    verify,
    pepper,
    storeTrust: () => feed.trust(),
    revocations,
    bindings,
    configuration,
    now,
  });
  const isSecure = issuer.startsWith("https:");
  const openExchanges = createOpenExchanges();
  feed.onApplied(openExchanges.review);
  configuration.onChange(openExchanges.review);
  const tokenReferrers = (tokenId: string) => referrersOf(configuration.current(), tokenId);
  const tokens = createServiceTokens({ store, feed, pepper, referrersOf: tokenReferrers, now });
  const limits = { ...DEFAULT_LIMITS, ...config.limits };
  const auditRetentionMs = config.auditRetentionMs ?? DEFAULT_AUDIT_RETENTION_MS;
  const audit = openAuditLog({ store, logger, now, retentionMs: auditRetentionMs });
  const login = createLogin({
    configuration,
    authenticate,
    sessions,
    bindings,
    revocations,
    keys,
    store,
    box,
    audit,
    issuer,
    logger,
    now,
  });
  if (config.policyFile !== undefined) auditPolicyFile(config.policyFile, { audit, configuration, logger });
  metrics.watch({
    now,
    tokens: () => directory.all(),
    storeStalenessMs: () => feed.staleForMs(),
    signingKeyCreatedAtMs: () => keys.current().createdAtMs,
    auditLinesDropped: () => audit.dropped,
    configurationProblems: () => configuration.problems().length,
    openWebSockets: () => openExchanges.webSockets(),
  });
  return {
    ...clientSide(config, logger),
    // Aborted when the stop begins: readiness says no from then on, and streams without an end are ended.
    stopping: new AbortController(),
    keys,
    resources: createResources({ store, feed, box, configuration, now }, new URL(issuer).host),
    keyRotation: createKeyRotation({ store, feed, box, logger, now }),
    logger,
    now,
    limits,
    openRequests: createOpenRequests(limits.openRequests),
    failures: createFailedAuthentications({
      perMinute: limits.failuresPerMinute,
      now,
      onLimited: metrics.rateLimited,
    }),
    requestLog: config.requestLog ?? "all",
    metrics,
    audit,
    revocations,
    sessions,
    metadata: createMetadataTokens({ keys, issuer, now }),
    store,
    feed,
    issuer,
    isSecure,
    configuration,
    authenticate,
    issuerHost: new URL(issuer).host,
    ...login,
    mint: createMintedTokens({ keys, revocations, issuer, now, onMinted: metrics.exchanged }),
    hasToken: (id: string) => directory.byId(id) !== undefined,
    lastSeen: createLastSeen({ store, directory, logger, now }),
    tokens,
    inactiveTokens: createInactiveTokens({
      store,
      tokens,
      referrersOf: tokenReferrers,
      setting: () => configuration.current().organization.tokenInactivity,
      logger,
      now,
    }),
    apiTokens: createApiTokens({ store, feed, pepper, now }),
    admin: {
      apiTokens: await openApiTokenDirectory({ store, feed, pepper, now }),
      lastUsed: createLastUsed({ store, logger, now }),
      wrongTokens: createWrongTokens(),
      box,
      isStoreCurrent,
    },
    openExchanges,
    pools: createOriginPools({
      connectMs: config.originConnectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      responseMs: config.originResponseTimeoutMs ?? DEFAULT_RESPONSE_TIMEOUT_MS,
    }),
  };
}

/** What faces the clients: how they are reached, and whose word about them counts. */
function clientSide({ tls, trustedProxies, countryHeader }: GatewayConfig, logger: GatewayDeps["logger"]) {
  return {
    readFacts: createClientFacts({
      trustedProxies: trustedProxies === undefined ? null : parseNetworks(trustedProxies),
      countryHeader: countryHeader?.toLowerCase() ?? null,
      asksCertificate: tls !== undefined && tls.clientCaFile !== null,
    }),
    tls: tls === undefined ? undefined : openTls(tls, logger),
  };
}

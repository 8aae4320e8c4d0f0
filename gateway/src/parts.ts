import { createWrongTokens } from "./admin-api/wrong-tokens.ts";
import { openApiTokenDirectory } from "./api-tokens/api-token-directory.ts";
import { createApiTokens } from "./api-tokens/api-tokens.ts";
import { createLastUsed } from "./api-tokens/last-used.ts";
import { createKeyRotation } from "./keys/key-rotation.ts";
import { createVerifiedTokens } from "./keys/verified-tokens.ts";
import { createFailedAuthentications } from "./limits/failed-authentications.ts";
import { createOpenRequests } from "./limits/open-requests.ts";
import { withDefaults } from "./limits/request-limits.ts";
import { createLogin } from "./login/login.ts";
import { createMetrics } from "./metrics/metrics.ts";
import type { GatewayConfig, GatewayDeps } from "./options.ts";
import { referrersOf } from "./policies/referrers.ts";
import { createOpenExchanges, type OpenExchanges } from "./proxy/open-exchanges.ts";
import { createOriginPools } from "./proxy/origin-pools.ts";
import { createAuthenticator } from "./request/authenticate.ts";
import { createClientFacts, parseNetworks } from "./request/client-facts.ts";
import { createMetadataTokens } from "./request/metadata-tokens.ts";
import { openTls } from "./request/tls-files.ts";
import { auditPolicyFile } from "./resources/audit-policy-file.ts";
import { createResources } from "./resources/resources.ts";
import { type Ground, openState, type State } from "./state.ts";
import { steadyLogger } from "./steady-logger.ts";
import { openStore } from "./store/store.ts";
import { createInactiveTokens } from "./tokens/inactive-tokens.ts";
import { createLastSeen } from "./tokens/last-seen.ts";
import { createMintedTokens } from "./tokens/minted-tokens.ts";
import { createServiceTokens } from "./tokens/service-tokens.ts";

const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
const DEFAULT_RESPONSE_TIMEOUT_MS = 60_000;

export type Parts = Awaited<ReturnType<typeof openParts>>;

/** Puts the gateway's parts together, each with the others it needs. Opens the store; closes it again if anything fails. */
export async function openParts(config: GatewayConfig, { logger: given, now = Date.now }: GatewayDeps) {
  const logger = steadyLogger(given);
  const metrics = createMetrics();
  const front = frontParts(config, { logger, now, metrics });
  const store = await openStore(config.databaseUrl, metrics.storeFailed);
  try {
    const state = await openState(config, { logger, now, store, metrics });
    return { ...front, ...(await assemble(config, state)) };
  } catch (error) {
    await store.destroy();
    throw error;
  }
}

/** What faces the clients: how they are reached, whose word about them counts, and how much of everything is taken on. */
function frontParts(
  { tls, trustedProxies, countryHeader, ...config }: GatewayConfig,
  { logger, now, metrics }: Omit<Ground, "store">,
) {
  const limits = withDefaults(config.limits);
  return {
    readFacts: createClientFacts({
      trustedProxies: trustedProxies === undefined ? null : parseNetworks(trustedProxies),
      countryHeader: countryHeader?.toLowerCase() ?? null,
      asksCertificate: tls !== undefined && tls.clientCaFile !== null,
    }),
    tls: tls === undefined ? undefined : openTls(tls, logger),
    limits,
    openRequests: createOpenRequests({ max: limits.openRequests, maxPerAddress: limits.openRequestsPerAddress }),
    failures: createFailedAuthentications({
      perMinute: limits.failuresPerMinute,
      now,
      onLimited: metrics.rateLimited,
    }),
    requestLog: config.requestLog ?? "all",
    pools: createOriginPools({
      connectMs: config.originConnectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      responseMs: config.originResponseTimeoutMs ?? DEFAULT_RESPONSE_TIMEOUT_MS,
    }),
  };
}

async function assemble(config: GatewayConfig, state: State) {
  const { issuer } = config;
  const { keys, revocations, configuration, metrics, feed } = state;
  const authenticate = createAuthentication(issuer, state);
  const openExchanges = createOpenExchanges();
  feed.onApplied(openExchanges.review);
  configuration.onChange(openExchanges.review);
  if (config.policyFile !== undefined) auditPolicyFile(config.policyFile, state);
  watchState(state, openExchanges);
  return {
    ...state,
    ...tokenParts(state),
    ...createLogin({ ...state, authenticate, issuer }),
    // Aborted when the stop begins: readiness says no from then on, and streams without an end are ended.
    stopping: new AbortController(),
    resources: createResources(state, new URL(issuer).host),
    keyRotation: createKeyRotation(state),
    metadata: createMetadataTokens({ ...state, issuer }),
    mint: createMintedTokens({ keys, revocations, issuer, now: state.now, onMinted: metrics.exchanged }),
    issuer,
    issuerHost: new URL(issuer).host,
    isSecure: issuer.startsWith("https:"),
    authenticate,
    openExchanges,
    admin: await adminParts(state),
  };
}

function createAuthentication(issuer: string, state: State) {
  const { keys, configuration, metrics, directory, feed, now } = state;
  const verify = createVerifiedTokens({ keys, issuer, configuration, now, onLookUp: metrics.tokenVerified });
  return createAuthenticator({ ...state, tokens: directory, verify, storeTrust: () => feed.trust() });
}

/** Service tokens and API tokens: made, changed, and seen in use. */
function tokenParts(state: State) {
  const { configuration, directory } = state;
  const tokenReferrers = (tokenId: string) => referrersOf(configuration.current(), tokenId);
  const tokens = createServiceTokens({ ...state, referrersOf: tokenReferrers });
  return {
    tokens,
    hasToken: (id: string) => directory.byId(id) !== undefined,
    lastSeen: createLastSeen(state),
    inactiveTokens: createInactiveTokens({
      ...state,
      tokens,
      referrersOf: tokenReferrers,
      setting: () => configuration.current().organization.tokenInactivity,
    }),
    apiTokens: createApiTokens(state),
  };
}

async function adminParts(state: State) {
  return {
    apiTokens: await openApiTokenDirectory(state),
    lastUsed: createLastUsed(state),
    wrongTokens: createWrongTokens(),
    box: state.box,
    isStoreCurrent: () => state.feed.trust() === "current",
  };
}

/** What is looked up at each scrape. */
function watchState({ metrics, ...state }: State, openExchanges: OpenExchanges): void {
  const { now, directory, feed, keys, audit, configuration } = state;
  metrics.watch({
    now,
    tokens: () => directory.all(),
    storeStalenessMs: () => feed.staleForMs(),
    signingKeyCreatedAtMs: () => keys.current().createdAtMs,
    auditLinesDropped: () => audit.dropped,
    configurationProblems: () => configuration.problems().length,
    openWebSockets: () => openExchanges.webSockets(),
  });
}

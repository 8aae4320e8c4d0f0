import { PATHS } from "@gatehouse/access-client/contract";
import { createAdminPageRoutes } from "../admin-page/admin-page-routes.ts";
import type { LiveApiToken } from "../api-tokens/api-token-directory.ts";
import { type HealthDeps, healthMounts } from "../health/mounts.ts";
import type { Parts } from "../parts.ts";
import { accessRequestRoutes } from "./access-requests.ts";
import type { AdminMount } from "./app.ts";
import { applicationPolicyRoutes } from "./application-policies.ts";
import { applicationRoutes } from "./applications.ts";
import { auditLogMounts, auditLogRoutes } from "./audit-logs.ts";
import { authenticateCaller, requireScope } from "./authenticate.ts";
import { groupRoutes } from "./groups.ts";
import { identityProviderRoutes } from "./identity-providers.ts";
import { keyRoutes } from "./keys.ts";
import { organizationRoutes } from "./organization.ts";
import { policyRoutes } from "./policies.ts";
import { policyDryRunRoutes } from "./policy-dry-run.ts";
import { revocationRoutes } from "./revocations.ts";
import type { ApiRoute } from "./route.ts";
import { serviceTokenRoutes } from "./service-tokens.ts";
import { userRoutes } from "./users.ts";

/** What the policies are made of. */
function configurationRoutes({
  resources,
  configuration,
  issuer,
  issuerHost,
  tokens,
  now,
}: Parts): readonly ApiRoute[] {
  const deps = { ...resources, configuration };
  return [
    ...applicationRoutes(deps),
    ...applicationPolicyRoutes(deps),
    ...policyRoutes(deps),
    ...policyDryRunRoutes({ configuration, tokens, issuerHost, now }),
    ...groupRoutes(deps),
    ...identityProviderRoutes({ ...deps, redirectUrl: issuer + PATHS.callback }),
    ...organizationRoutes({ ...deps, authDomain: new URL(issuer).host }),
  ];
}

/** Every call of the admin API. */
export function adminRoutes(parts: Parts): readonly ApiRoute[] {
  return [
    ...configurationRoutes(parts),
    ...accessRequestRoutes({ audit: parts.audit, applications: () => parts.configuration.current().applications }),
    ...auditLogRoutes(parts),
    ...serviceTokenRoutes(parts.tokens),
    ...keyRoutes(parts.keyRotation),
    ...revocationRoutes(parts),
    ...userRoutes(parts),
  ];
}

/** What else is on the admin server's port. */
export function adminMounts(parts: Parts): readonly AdminMount[] {
  const { apiTokens } = parts.admin;
  const isLive = ({ id, expiresAtMs }: LiveApiToken) =>
    apiTokens.find(id) !== undefined && (expiresAtMs === null || parts.now() < expiresAtMs);
  return [
    ...healthMounts(healthDeps(parts)),
    ...auditLogMounts({ audit: parts.audit, stopping: parts.stopping.signal, isLive }),
    { path: "/", handler: createAdminPageRoutes() },
  ];
}

function healthDeps(parts: Parts): HealthDeps {
  const { admin, configuration, feed, keys, metrics, now, stopping } = parts;
  const facts = () => ({
    storeTrust: feed.trust(),
    storeStaleForMs: feed.staleForMs(),
    applications: configuration.current().applications.length,
    configurationProblems: configuration.problems().length,
    signingKeyId: keys.current().kid,
    isDraining: stopping.signal.aborted,
  });
  // While the store is away is when metrics matter: a token that was good a moment ago will do for them.
  const isStoreCurrent = () => feed.trust() !== "none";
  const guards = [authenticateCaller({ ...admin, now, hosts: [], isStoreCurrent }), requireScope("audit_logs:read")];
  return { metrics, facts, guards };
}

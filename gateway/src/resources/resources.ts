import { type ApplicationPolicyStore, createApplicationPolicyStore } from "./application-policies.ts";
import { type ApplicationStore, createApplicationStore } from "./applications.ts";
import type { ResourceDeps } from "./deps.ts";
import { findIssuer } from "./find-issuer.ts";
import { createGroupStore, type GroupStore } from "./groups.ts";
import { createIdentityProviderStore, type IdentityProviderStore } from "./identity-providers.ts";
import { createOrganizationStore, type OrganizationStore } from "./organization.ts";
import { createPolicyStore, type PolicyStore } from "./policies.ts";

/** Everything of the configuration that can be changed while the gateway runs. A change is in force here when the call returns. */
export interface Resources {
  readonly applications: ApplicationStore;
  readonly applicationPolicies: ApplicationPolicyStore;
  readonly policies: PolicyStore;
  readonly groups: GroupStore;
  readonly identityProviders: IdentityProviderStore;
  readonly organization: OrganizationStore;
}

/** @param authDomain The host of the gateway's own address. */
export function createResources(deps: ResourceDeps, authDomain: string): Resources {
  return {
    applications: createApplicationStore(deps),
    applicationPolicies: createApplicationPolicyStore(deps),
    policies: createPolicyStore(deps),
    groups: createGroupStore(deps),
    identityProviders: createIdentityProviderStore(deps, findIssuer),
    organization: createOrganizationStore(deps, authDomain),
  };
}

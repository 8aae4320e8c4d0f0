import type { IdentityProviderStore } from "../resources/identity-providers.ts";
import type { OpenConfiguration } from "../resources/open-configuration.ts";
import { foundEntry } from "../resources/stored-entry.ts";
import { presentIdentityProvider } from "./present-entry.ts";
import { resourceRoutes } from "./resource-routes.ts";
import type { ApiRoute } from "./route.ts";

export interface IdentityProviderRouteDeps {
  readonly identityProviders: IdentityProviderStore;
  readonly configuration: OpenConfiguration;
  /** What is registered at the providers as redirect URI. */
  readonly redirectUrl: string;
}

/** Identity providers. https://developers.cloudflare.com/api/resources/zero_trust/subresources/identity_providers/ */
export function identityProviderRoutes(deps: IdentityProviderRouteDeps): readonly ApiRoute[] {
  const { identityProviders: store, configuration, redirectUrl } = deps;
  const all = () => configuration.catalogue().identityProviders;
  return resourceRoutes({
    path: "/access/identity_providers",
    idName: "identity_provider_id",
    read: "organization:read",
    write: "organization:write",
    list: () => [...all().values()],
    present: (entry) => presentIdentityProvider(entry, redirectUrl),
    find: (id) => foundEntry(all().get(id), "identity_provider"),
    store,
  });
}

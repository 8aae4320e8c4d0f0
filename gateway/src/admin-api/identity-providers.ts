import type { IdentityProviderStore } from "../resources/identity-providers.ts";
import type { OpenConfiguration } from "../resources/open-configuration.ts";
import { foundEntry } from "../resources/stored-entry.ts";
import { pageOf } from "./paging.ts";
import { presentIdentityProvider } from "./present-entry.ts";
import type { ApiRoute } from "./route.ts";

const ALL = "/access/identity_providers";
const ONE = `${ALL}/:identity_provider_id`;

export interface IdentityProviderRouteDeps {
  readonly identityProviders: IdentityProviderStore;
  readonly configuration: OpenConfiguration;
  /** What is registered at the providers as redirect URI. */
  readonly redirectUrl: string;
}

/** Identity providers. https://developers.cloudflare.com/api/resources/zero_trust/subresources/identity_providers/ */
export function identityProviderRoutes(deps: IdentityProviderRouteDeps): readonly ApiRoute[] {
  const { identityProviders: store, configuration, redirectUrl } = deps;
  const show = (id: string | undefined) => {
    const entry = configuration.catalogue().identityProviders.get(id ?? "");
    return presentIdentityProvider(foundEntry(entry, "identity_provider"), redirectUrl);
  };
  const read = "organization:read";
  const write = "organization:write";
  return [
    {
      method: "GET",
      path: ALL,
      scope: read,
      async handle({ query }) {
        const all = [...configuration.catalogue().identityProviders.values()];
        return pageOf(all, query, (entry) => presentIdentityProvider(entry, redirectUrl));
      },
    },
    {
      method: "POST",
      path: ALL,
      scope: write,
      handle: async ({ body, by }) => ({ status: 201, result: show(await store.create(body, by)) }),
    },
    {
      method: "GET",
      path: ONE,
      scope: read,
      handle: async ({ params }) => ({ result: show(params["identity_provider_id"]) }),
    },
    {
      method: "PUT",
      path: ONE,
      scope: write,
      async handle({ params, body, by }) {
        return { result: show(await store.update(params["identity_provider_id"] ?? "", body, by)) };
      },
    },
    {
      method: "DELETE",
      path: ONE,
      scope: write,
      async handle({ params, by }) {
        return { status: 202, result: { id: await store.delete(params["identity_provider_id"] ?? "", by) } };
      },
    },
  ];
}

import type { Catalogue } from "../policies/catalogue.ts";
import type { OpenConfiguration } from "../resources/open-configuration.ts";
import type { PolicyStore } from "../resources/policies.ts";
import { foundEntry } from "../resources/stored-entry.ts";
import { presentPolicy } from "./present-entry.ts";
import { resourceRoutes } from "./resource-routes.ts";
import type { ApiRoute } from "./route.ts";

export interface PolicyRouteDeps {
  readonly policies: PolicyStore;
  readonly configuration: OpenConfiguration;
}

/** Reusable policies. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/policies/ */
export function policyRoutes({ policies, configuration }: PolicyRouteDeps): readonly ApiRoute[] {
  const all = () => reusablePolicies(configuration.catalogue());
  return resourceRoutes({
    path: "/access/policies",
    idName: "policy_id",
    read: "apps:read",
    write: "apps:write",
    isAccountOnly: true,
    list: all,
    present: (entry) => presentPolicy(entry, configuration.catalogue()),
    find: (id) =>
      foundEntry(
        all().find((one) => one.id === id),
        "policy",
      ),
    store: policies,
  });
}

function reusablePolicies({ policies }: Catalogue) {
  return [...policies.values()].filter(({ applicationId }) => applicationId === null);
}

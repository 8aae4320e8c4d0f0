import type { Catalogue } from "../policies/catalogue.ts";
import type { OpenConfiguration } from "../resources/open-configuration.ts";
import type { PolicyStore } from "../resources/policies.ts";
import { foundEntry } from "../resources/stored-entry.ts";
import { pageOf } from "./paging.ts";
import { presentPolicy } from "./present-entry.ts";
import type { ApiRoute } from "./route.ts";

const ALL = "/access/policies";
const ONE = `${ALL}/:policy_id`;

export interface PolicyRouteDeps {
  readonly policies: PolicyStore;
  readonly configuration: OpenConfiguration;
}

/** Reusable policies. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/policies/ */
export function policyRoutes({ policies, configuration }: PolicyRouteDeps): readonly ApiRoute[] {
  const show = (id: string | undefined) => {
    const catalogue = configuration.catalogue();
    const entry = reusablePolicies(catalogue).find((one) => one.id === id);
    return presentPolicy(foundEntry(entry, "policy"), catalogue);
  };
  const read = { scope: "apps:read", isAccountOnly: true } as const;
  const write = { scope: "apps:write", isAccountOnly: true } as const;
  return [
    {
      ...read,
      method: "GET",
      path: ALL,
      async handle({ query }) {
        const catalogue = configuration.catalogue();
        return pageOf(reusablePolicies(catalogue), query, (entry) => presentPolicy(entry, catalogue));
      },
    },
    {
      ...write,
      method: "POST",
      path: ALL,
      handle: async ({ body, by }) => ({ status: 201, result: show(await policies.create(body, by)) }),
    },
    { ...read, method: "GET", path: ONE, handle: async ({ params }) => ({ result: show(params["policy_id"]) }) },
    {
      ...write,
      method: "PUT",
      path: ONE,
      handle: async ({ params, body, by }) => ({
        result: show(await policies.update(params["policy_id"] ?? "", body, by)),
      }),
    },
    {
      ...write,
      method: "DELETE",
      path: ONE,
      handle: async ({ params, by }) => ({
        status: 202,
        result: { id: await policies.delete(params["policy_id"] ?? "", by) },
      }),
    },
  ];
}

function reusablePolicies({ policies }: Catalogue) {
  return [...policies.values()].filter(({ applicationId }) => applicationId === null);
}

import type { ApplicationPolicyStore } from "../resources/application-policies.ts";
import type { OpenConfiguration } from "../resources/open-configuration.ts";
import { foundEntry } from "../resources/stored-entry.ts";
import { pageOf } from "./paging.ts";
import { applicationIn, policiesOf } from "./present-entry.ts";
import type { ApiCall, ApiRoute } from "./route.ts";

const ALL = "/access/apps/:app_id/policies";
const ONE = `${ALL}/:policy_id`;

export interface ApplicationPolicyRouteDeps {
  readonly applicationPolicies: ApplicationPolicyStore;
  readonly configuration: OpenConfiguration;
}

/** Policies of one application. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/subresources/policies/ */
export function applicationPolicyRoutes(deps: ApplicationPolicyRouteDeps): readonly ApiRoute[] {
  const { applicationPolicies: store, configuration } = deps;
  const list = ({ params }: ApiCall) => {
    const catalogue = configuration.catalogue();
    return policiesOf(applicationIn(catalogue, params["app_id"]), catalogue);
  };
  const show = (call: ApiCall, id: string | undefined) =>
    foundEntry(
      list(call).find((one) => one.id === id),
      "policy",
    );
  const write = "apps:write";
  return [
    { method: "GET", path: ALL, scope: "apps:read", handle: async (call) => pageOf(list(call), call.query) },
    {
      method: "POST",
      path: ALL,
      scope: write,
      async handle(call) {
        const id = await store.create(call.params["app_id"] ?? "", call.body, call.by);
        return { status: 201, result: show(call, id) };
      },
    },
    {
      method: "GET",
      path: ONE,
      scope: "apps:read",
      handle: async (call) => ({ result: show(call, call.params["policy_id"]) }),
    },
    {
      method: "PUT",
      path: ONE,
      scope: write,
      handle: async (call) => ({ result: show(call, await store.update(placeOf(call), call.body, call.by)) }),
    },
    {
      method: "DELETE",
      path: ONE,
      scope: write,
      handle: async (call) => ({ status: 202, result: { id: await store.delete(placeOf(call), call.by) } }),
    },
    {
      method: "PUT",
      path: `${ONE}/make_reusable`,
      scope: write,
      handle: async (call) => ({ result: show(call, await store.makeReusable(placeOf(call), call.by)) }),
    },
  ];
}

function placeOf({ params }: ApiCall) {
  return { applicationId: params["app_id"] ?? "", policyId: params["policy_id"] ?? "" };
}

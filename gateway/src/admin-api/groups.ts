import type { GroupStore } from "../resources/groups.ts";
import type { OpenConfiguration } from "../resources/open-configuration.ts";
import { foundEntry } from "../resources/stored-entry.ts";
import { pageOf } from "./paging.ts";
import { presentGroup } from "./present-entry.ts";
import { isNamed } from "./query-filter.ts";
import type { ApiRoute } from "./route.ts";

const ALL = "/access/groups";
const ONE = `${ALL}/:group_id`;

export interface GroupRouteDeps {
  readonly groups: GroupStore;
  readonly configuration: OpenConfiguration;
}

/** Groups of rules. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/groups/ */
export function groupRoutes({ groups, configuration }: GroupRouteDeps): readonly ApiRoute[] {
  const show = (id: string | undefined) =>
    presentGroup(foundEntry(configuration.catalogue().groups.get(id ?? ""), "group"));
  const read = "organization:read";
  const write = "organization:write";
  return [
    {
      method: "GET",
      path: ALL,
      scope: read,
      async handle({ query }) {
        const found = [...configuration.catalogue().groups.values()].filter((entry) => isNamed(entry, query));
        return pageOf(found, query, presentGroup);
      },
    },
    {
      method: "POST",
      path: ALL,
      scope: write,
      handle: async ({ body, by }) => ({ status: 201, result: show(await groups.create(body, by)) }),
    },
    { method: "GET", path: ONE, scope: read, handle: async ({ params }) => ({ result: show(params["group_id"]) }) },
    {
      method: "PUT",
      path: ONE,
      scope: write,
      handle: async ({ params, body, by }) => ({
        result: show(await groups.update(params["group_id"] ?? "", body, by)),
      }),
    },
    {
      method: "DELETE",
      path: ONE,
      scope: write,
      handle: async ({ params, by }) => ({
        status: 202,
        result: { id: await groups.delete(params["group_id"] ?? "", by) },
      }),
    },
  ];
}

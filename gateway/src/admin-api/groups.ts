import type { GroupStore } from "../resources/groups.ts";
import type { OpenConfiguration } from "../resources/open-configuration.ts";
import { foundEntry } from "../resources/stored-entry.ts";
import { presentGroup } from "./present-entry.ts";
import { isNamed } from "./query-filter.ts";
import { resourceRoutes } from "./resource-routes.ts";
import type { ApiRoute } from "./route.ts";

export interface GroupRouteDeps {
  readonly groups: GroupStore;
  readonly configuration: OpenConfiguration;
}

/** Groups of rules. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/groups/ */
export function groupRoutes({ groups, configuration }: GroupRouteDeps): readonly ApiRoute[] {
  const all = () => configuration.catalogue().groups;
  return resourceRoutes({
    path: "/access/groups",
    idName: "group_id",
    read: "organization:read",
    write: "organization:write",
    list: (query) => [...all().values()].filter((entry) => isNamed(entry, query)),
    present: presentGroup,
    find: (id) => foundEntry(all().get(id), "group"),
    store: groups,
  });
}

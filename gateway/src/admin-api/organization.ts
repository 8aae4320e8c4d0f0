import type { OpenConfiguration } from "../resources/open-configuration.ts";
import type { OrganizationStore } from "../resources/organization.ts";
import { presentOrganization } from "./present-entry.ts";
import type { ApiRoute } from "./route.ts";

const PATH = "/access/organizations";

export interface OrganizationRouteDeps {
  readonly organization: OrganizationStore;
  readonly configuration: OpenConfiguration;
  /** The host of the gateway's own address. */
  readonly authDomain: string;
}

/**
 * The organization's settings: POST and PUT set all of it, PATCH what it is given.
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/organizations/
 */
export function organizationRoutes({
  organization,
  configuration,
  authDomain,
}: OrganizationRouteDeps): readonly ApiRoute[] {
  const show = () => presentOrganization(configuration.catalogue().organization, authDomain);
  const write = "organization:write";
  return [
    { method: "GET", path: PATH, scope: "organization:read", handle: async () => ({ result: show() }) },
    {
      method: "POST",
      path: PATH,
      scope: write,
      async handle({ body, by }) {
        await organization.replace(body, by);
        return { status: 201, result: show() };
      },
    },
    {
      method: "PUT",
      path: PATH,
      scope: write,
      async handle({ body, by }) {
        await organization.replace(body, by);
        return { result: show() };
      },
    },
    {
      method: "PATCH",
      path: PATH,
      scope: write,
      async handle({ body, by }) {
        await organization.merge(body, by);
        return { result: show() };
      },
    },
  ];
}

import type { ApplicationEntry } from "../policies/catalogue.ts";
import type { ApplicationStore } from "../resources/applications.ts";
import type { OpenConfiguration } from "../resources/open-configuration.ts";
import { pageOf } from "./paging.ts";
import { applicationIn, presentApplication } from "./present-entry.ts";
import type { ApiRoute } from "./route.ts";

const ALL = "/access/apps";
const ONE = `${ALL}/:app_id`;

export interface ApplicationRouteDeps {
  readonly applications: ApplicationStore;
  readonly configuration: OpenConfiguration;
}

/** Applications. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/ */
export function applicationRoutes({ applications, configuration }: ApplicationRouteDeps): readonly ApiRoute[] {
  const show = (id: string | undefined) => {
    const catalogue = configuration.catalogue();
    return presentApplication(applicationIn(catalogue, id), catalogue);
  };
  const read = "apps:read";
  const write = "apps:write";
  return [
    {
      method: "GET",
      path: ALL,
      scope: read,
      async handle({ query }) {
        const catalogue = configuration.catalogue();
        const found = [...catalogue.applications.values()].filter((entry) => isAsked(entry, query));
        return pageOf(found, query, (entry) => presentApplication(entry, catalogue));
      },
    },
    {
      method: "POST",
      path: ALL,
      scope: write,
      handle: async ({ body, by }) => ({ status: 201, result: show(await applications.create(body, by)) }),
    },
    { method: "GET", path: ONE, scope: read, handle: async ({ params }) => ({ result: show(params["app_id"]) }) },
    {
      method: "PUT",
      path: ONE,
      scope: write,
      handle: async ({ params, body, by }) => ({
        result: show(await applications.update(params["app_id"] ?? "", body, by)),
      }),
    },
    ...(["PUT", "PATCH"] as const).map(
      (method): ApiRoute => ({
        method,
        path: `${ONE}/settings`,
        scope: write,
        async handle({ params, body, by }) {
          const shown = show(await applications.updateSettings(params["app_id"] ?? "", body, by));
          const { allow_iframe = false, skip_interstitial = false } = shown as Readonly<Record<string, unknown>>;
          return { status: 202, result: { allow_iframe, skip_interstitial } };
        },
      }),
    ),
    {
      method: "DELETE",
      path: ONE,
      scope: write,
      handle: async ({ params, by }) => ({
        status: 202,
        result: { id: await applications.delete(params["app_id"] ?? "", by) },
      }),
    },
  ];
}

/** `name`, `domain`, `aud` and `search`, each a part of the text unless `exact=true`; whatever the case. */
function isAsked({ aud, document, raw, id }: ApplicationEntry, query: URLSearchParams): boolean {
  const name = document?.name ?? String((raw as { name?: unknown } | undefined)?.name ?? id);
  const domains = document === undefined ? [] : [document.domain, ...document.destinations.map(({ uri }) => uri)];
  const isExact = query.get("exact") === "true";
  const isIn = (field: string, texts: readonly string[]) => {
    const wanted = query.get(field)?.toLowerCase();
    if (!wanted) return true;
    return texts.some((text) => (isExact ? text.toLowerCase() === wanted : text.toLowerCase().includes(wanted)));
  };
  return (
    isIn("name", [name]) && isIn("domain", domains) && isIn("aud", [aud]) && isIn("search", [name, aud, ...domains])
  );
}

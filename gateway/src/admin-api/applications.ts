import type { ApplicationEntry } from "../policies/catalogue.ts";
import type { ApplicationStore } from "../resources/applications.ts";
import type { OpenConfiguration } from "../resources/open-configuration.ts";
import { applicationIn, presentApplication } from "./present-entry.ts";
import { resourceRoutes } from "./resource-routes.ts";
import type { ApiRoute } from "./route.ts";

const PATH = "/access/apps";
const ID_NAME = "app_id";

export interface ApplicationRouteDeps {
  readonly applications: ApplicationStore;
  readonly configuration: OpenConfiguration;
}

/** Applications. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/ */
export function applicationRoutes({ applications, configuration }: ApplicationRouteDeps): readonly ApiRoute[] {
  const present = (entry: ApplicationEntry) => presentApplication(entry, configuration.catalogue());
  const find = (id: string) => applicationIn(configuration.catalogue(), id);
  const settings = (["PUT", "PATCH"] as const).map(
    (method): ApiRoute => ({
      method,
      path: `${PATH}/:${ID_NAME}/settings`,
      scope: "apps:write",
      async handle({ params, body, by }) {
        const shown = present(find(await applications.updateSettings(params[ID_NAME] ?? "", body, by)));
        const { allow_iframe = false, skip_interstitial = false } = shown as Readonly<Record<string, unknown>>;
        return { status: 202, result: { allow_iframe, skip_interstitial } };
      },
    }),
  );
  const resource = resourceRoutes({
    path: PATH,
    idName: ID_NAME,
    read: "apps:read",
    write: "apps:write",
    list: (query) => [...configuration.catalogue().applications.values()].filter((entry) => isAsked(entry, query)),
    present,
    find,
    store: applications,
  });
  return [...resource, ...settings];
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

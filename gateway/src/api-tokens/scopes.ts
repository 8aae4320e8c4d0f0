import type { ApiScope } from "../admin-api/route.ts";

export const API_SCOPES: readonly ApiScope[] = [
  "service_tokens:read",
  "service_tokens:write",
  "apps:read",
  "apps:write",
  "organization:read",
  "organization:write",
  "users:read",
  "users:write",
  "audit_logs:read",
];

/**
 * Scopes as a person writes them: `apps:write`, `service_tokens:*`, `*:read`, `all`.
 *
 * @returns the scopes in their usual order, or the first word that names none.
 */
export function parseScopes(words: readonly string[]): readonly ApiScope[] | { readonly unknown: string } {
  const chosen = new Set<ApiScope>();
  for (const word of words) {
    const named = API_SCOPES.filter((scope) => isNamedBy(scope, word));
    if (named.length === 0) return { unknown: word };
    for (const scope of named) chosen.add(scope);
  }
  return API_SCOPES.filter((scope) => chosen.has(scope));
}

/** Whether scopes allow a call. Who may write may read. */
export function allows(scopes: readonly ApiScope[], needed: ApiScope): boolean {
  return scopes.includes(needed) || scopes.some((scope) => scope === needed.replace(/:read$/, ":write"));
}

function isNamedBy(scope: ApiScope, word: string): boolean {
  if (word === "all") return true;
  const [resource, verb] = scope.split(":");
  const [wordResource, wordVerb, ...rest] = word.split(":");
  return rest.length === 0 && isPart(resource, wordResource) && isPart(verb, wordVerb);
}

function isPart(part: string | undefined, word: string | undefined): boolean {
  return word === "*" || word === part;
}

import type {
  ApplicationEntry,
  Catalogue,
  Entry,
  EntrySource,
  IdentityProviderEntry,
  PolicyEntry,
} from "../policies/catalogue.ts";
import { HIDDEN_SECRET } from "../resources/identity-providers.ts";
import { foundEntry } from "../resources/stored-entry.ts";

const MANAGED_BY: Readonly<Record<EntrySource, string>> = {
  store: "api",
  file: "policy_file",
  environment: "environment",
};

/** A document with what the API adds to it; `managed_by`, `read_only` and `problems` are ours. */
function presentEntry({ id, document, raw, source, createdAt, updatedAt, problems }: Entry<object>) {
  return {
    id,
    ...(document ?? (typeof raw === "object" ? raw : {})),
    ...(createdAt !== "" && { created_at: createdAt, updated_at: updatedAt }),
    managed_by: MANAGED_BY[source],
    read_only: source !== "store",
    ...(problems.length > 0 && { problems: problems.map(({ path, message }) => `${path.join(".")}: ${message}`) }),
  };
}

export function presentApplication(entry: ApplicationEntry, catalogue: Catalogue) {
  return {
    ...presentEntry(entry),
    aud: entry.aud,
    self_hosted_domains: entry.document?.destinations.map(({ uri }) => uri) ?? [],
    policies: policiesOf(entry, catalogue),
  };
}

/** The policies of an application, by precedence. */
export function policiesOf({ policies }: ApplicationEntry, catalogue: Catalogue) {
  return policies.flatMap(({ policyId, precedence }) => {
    const policy = catalogue.policies.get(policyId);
    return policy === undefined ? [] : [{ ...presentPolicy(policy, catalogue), precedence }];
  });
}

export function presentPolicy(entry: PolicyEntry, { applications }: Catalogue) {
  const isReusable = entry.applicationId === null;
  const users = [...applications.values()].filter(({ policies }) =>
    policies.some(({ policyId }) => policyId === entry.id),
  );
  return { ...presentEntry(entry), reusable: isReusable, ...(isReusable && { app_count: users.length }) };
}

export function presentGroup(entry: Entry<object>) {
  return presentEntry(entry);
}

/** @param redirectUrl What is registered at the provider: the same for all. */
export function presentIdentityProvider(entry: IdentityProviderEntry, redirectUrl: string) {
  const shown = presentEntry(entry) as { config?: object };
  return { ...shown, config: { ...shown.config, client_secret: HIDDEN_SECRET, redirect_url: redirectUrl } };
}

export function presentOrganization({ document, raw, ...entry }: Catalogue["organization"], authDomain: string) {
  const { id: _, read_only: __, managed_by: ___, ...fields } = presentEntry({ document, raw, ...entry });
  return { auth_domain: authDomain, ...fields };
}

/** @throws {GatewayError} `ERR_APPLICATION_NOT_FOUND` */
export function applicationIn({ applications }: Catalogue, id: string | undefined): ApplicationEntry {
  return foundEntry(applications.get(id ?? ""), "application");
}

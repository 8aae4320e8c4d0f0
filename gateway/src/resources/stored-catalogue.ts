import type { Kysely, Transaction } from "kysely";
import type { SecretBox } from "../keys/secret-box.ts";
import type { ApplicationEntry, Catalogue, Entry, IdentityProviderEntry, PolicyEntry } from "../policies/catalogue.ts";
import type { OrganizationDocument } from "../policies/organization-document.ts";
import type { GroupDocument } from "../policies/policy-document.ts";
import type { Schema } from "../store/schema.ts";
import { applicationEntry, groupEntry, identityProviderEntry, organizationEntry, policyEntry } from "./read-entries.ts";

type Database = Kysely<Schema> | Transaction<Schema>;

/** What the change feed names when one of these changes. */
export const CATALOGUE_KINDS = ["application", "policy", "group", "identity_provider", "organization"] as const;
export type CatalogueKind = (typeof CATALOGUE_KINDS)[number];

/** Reads everything that is configured in the store. */
export async function readCatalogue(db: Database, box: SecretBox): Promise<Catalogue> {
  return {
    applications: await readApplications(db),
    policies: await readPolicies(db),
    groups: await readGroups(db),
    identityProviders: await readIdentityProviders(db, box),
    organization: await readOrganization(db),
  };
}

/** The same catalogue with one thing read again. An application brings the policies that are its own. */
export async function refreshCatalogue(
  db: Database,
  catalogue: Catalogue,
  { kind, key, box }: { readonly kind: CatalogueKind; readonly key: string; readonly box: SecretBox },
): Promise<Catalogue> {
  switch (kind) {
    case "application": {
      const applications = replaced(catalogue.applications, key, (await readApplications(db, key)).get(key));
      const others = [...catalogue.policies].filter(([, { applicationId }]) => applicationId !== key);
      const own = await readPolicies(db, { applicationId: key });
      return { ...catalogue, applications, policies: new Map([...others, ...own]) };
    }
    case "policy":
      return {
        ...catalogue,
        policies: replaced(catalogue.policies, key, (await readPolicies(db, { id: key })).get(key)),
      };
    case "group":
      return { ...catalogue, groups: replaced(catalogue.groups, key, (await readGroups(db, key)).get(key)) };
    case "identity_provider": {
      const entry = (await readIdentityProviders(db, box, key)).get(key);
      return { ...catalogue, identityProviders: replaced(catalogue.identityProviders, key, entry) };
    }
    case "organization":
      return { ...catalogue, organization: await readOrganization(db) };
  }
}

/** A map with one entry set, or without it; what was there keeps its place. */
export function replaced<E>(map: ReadonlyMap<string, E>, key: string, entry: E | undefined): ReadonlyMap<string, E> {
  const copy = new Map(map);
  if (entry === undefined) copy.delete(key);
  else copy.set(key, entry);
  return copy;
}

async function readApplications(db: Database, id?: string): Promise<Map<string, ApplicationEntry>> {
  let applications = db.selectFrom("applications").selectAll().orderBy("created_at").orderBy("id");
  let links = db.selectFrom("application_policies").selectAll().orderBy("precedence");
  if (id !== undefined) {
    applications = applications.where("id", "=", id);
    links = links.where("application_id", "=", id);
  }
  const linksOf = Map.groupBy(await links.execute(), (link) => link.application_id);
  const rows = await applications.execute();
  return new Map(
    rows.map((row) => {
      const own = linksOf.get(row.id) ?? [];
      return [
        row.id,
        applicationEntry(
          row,
          own.map(({ policy_id: policyId, precedence }) => ({ policyId, precedence })),
        ),
      ];
    }),
  );
}

async function readPolicies(
  db: Database,
  only: { readonly id?: string; readonly applicationId?: string } = {},
): Promise<Map<string, PolicyEntry>> {
  let policies = db.selectFrom("policies").selectAll().orderBy("created_at").orderBy("id");
  if (only.id !== undefined) policies = policies.where("id", "=", only.id);
  if (only.applicationId !== undefined) policies = policies.where("application_id", "=", only.applicationId);
  return new Map((await policies.execute()).map((row) => [row.id, policyEntry(row)]));
}

async function readGroups(db: Database, id?: string): Promise<Map<string, Entry<GroupDocument>>> {
  let groups = db.selectFrom("groups").selectAll().orderBy("created_at").orderBy("id");
  if (id !== undefined) groups = groups.where("id", "=", id);
  return new Map((await groups.execute()).map((row) => [row.id, groupEntry(row)]));
}

async function readIdentityProviders(
  db: Database,
  box: SecretBox,
  id?: string,
): Promise<Map<string, IdentityProviderEntry>> {
  let providers = db.selectFrom("identity_providers").selectAll().orderBy("created_at").orderBy("id");
  if (id !== undefined) providers = providers.where("id", "=", id);
  return new Map((await providers.execute()).map((row) => [row.id, identityProviderEntry(row, box)]));
}

async function readOrganization(db: Database): Promise<Entry<OrganizationDocument>> {
  return organizationEntry(await db.selectFrom("organizations").selectAll().executeTakeFirst());
}

import type { Kysely, Transaction } from "kysely";
import type { SecretBox } from "../keys/secret-box.ts";
import type { ApplicationEntry, Catalogue, Entry, IdentityProviderEntry, PolicyEntry } from "../policies/catalogue.ts";
import type { OrganizationDocument } from "../policies/organization-document.ts";
import type { GroupDocument } from "../policies/policy-document.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
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

/** The catalogue of one moment, and the last change that is in it. */
export interface CatalogueMoment {
  readonly catalogue: Catalogue;
  readonly seq: number;
}

/** All of it from one moment: half of one change with half of another could let in whom neither does. */
export async function readMoment(store: Store, box: SecretBox): Promise<CatalogueMoment> {
  return store
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (transaction) => ({
      seq: await lastChange(transaction),
      catalogue: await readCatalogue(transaction, box),
    }));
}

/** The number of the last change that anything made in the store. */
export async function lastChange(db: Database): Promise<number> {
  const row = await db
    .selectFrom("changes")
    .select((eb) => eb.fn.max("seq").as("last"))
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}

/** A map with one entry set, or without it; what was there keeps its place. */
export function replaced<E>(map: ReadonlyMap<string, E>, key: string, entry: E | undefined): ReadonlyMap<string, E> {
  const copy = new Map(map);
  if (entry === undefined) copy.delete(key);
  else copy.set(key, entry);
  return copy;
}

async function readApplications(db: Database): Promise<Map<string, ApplicationEntry>> {
  const rows = await db.selectFrom("applications").selectAll().orderBy("created_at").orderBy("id").execute();
  const links = await db.selectFrom("application_policies").selectAll().orderBy("precedence").execute();
  const linksOf = Map.groupBy(links, (link) => link.application_id);
  return new Map(
    rows.map((row) => {
      const own = linksOf.get(row.id) ?? [];
      const policies = own.map(({ policy_id: policyId, precedence }) => ({ policyId, precedence }));
      return [row.id, applicationEntry(row, policies)];
    }),
  );
}

async function readPolicies(db: Database): Promise<Map<string, PolicyEntry>> {
  const rows = await db.selectFrom("policies").selectAll().orderBy("created_at").orderBy("id").execute();
  return new Map(rows.map((row) => [row.id, policyEntry(row)]));
}

async function readGroups(db: Database): Promise<Map<string, Entry<GroupDocument>>> {
  const rows = await db.selectFrom("groups").selectAll().orderBy("created_at").orderBy("id").execute();
  return new Map(rows.map((row) => [row.id, groupEntry(row)]));
}

async function readIdentityProviders(db: Database, box: SecretBox): Promise<Map<string, IdentityProviderEntry>> {
  const rows = await db.selectFrom("identity_providers").selectAll().orderBy("created_at").orderBy("id").execute();
  return new Map(rows.map((row) => [row.id, identityProviderEntry(row, box)]));
}

async function readOrganization(db: Database): Promise<Entry<OrganizationDocument>> {
  return organizationEntry(await db.selectFrom("organizations").selectAll().executeTakeFirst());
}

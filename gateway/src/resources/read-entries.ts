import { LRUCache } from "lru-cache";
import type { z } from "zod";
import type { SecretBox } from "../keys/secret-box.ts";
import { applicationDocumentSchema } from "../policies/application-document.ts";
import {
  type ApplicationEntry,
  EMPTY_CATALOGUE,
  type Entry,
  type IdentityProviderEntry,
  type PolicyEntry,
  type PolicyLink,
} from "../policies/catalogue.ts";
import { identityProviderDocumentSchema } from "../policies/identity-provider-document.ts";
import { type OrganizationDocument, organizationDocumentSchema } from "../policies/organization-document.ts";
import { type GroupDocument, groupDocumentSchema, policyDocumentSchema } from "../policies/policy-document.ts";
import type { DocumentRow, Schema } from "../store/schema.ts";

/** What a client secret is sealed for: under another purpose it cannot be opened. */
export const CLIENT_SECRET_PURPOSE = "identity provider";

/** Read once and remembered by their text: a change reads everything, and nearly all of it is as it was. */
const REMEMBERED_DOCUMENTS = 10_000;

const readApplication = rememberedReader(applicationDocumentSchema);
const readPolicy = rememberedReader(policyDocumentSchema);
const readGroup = rememberedReader(groupDocumentSchema);
const readIdentityProvider = rememberedReader(identityProviderDocumentSchema);
const readOrganization = rememberedReader(organizationDocumentSchema);

/** Rows in, entries out. A document that cannot be read (a newer gateway may have written it) is an entry with problems. */
export function applicationEntry(row: Schema["applications"], policies: readonly PolicyLink[]): ApplicationEntry {
  return { ...entryOf(row, readApplication), aud: row.aud, policies };
}

export function policyEntry(row: Schema["policies"]): PolicyEntry {
  return { ...entryOf(row, readPolicy), applicationId: row.application_id };
}

export function groupEntry(row: DocumentRow): Entry<GroupDocument> {
  return entryOf(row, readGroup);
}

export function identityProviderEntry(row: Schema["identity_providers"], box: SecretBox): IdentityProviderEntry {
  const entry = entryOf(row, readIdentityProvider);
  const clientSecret = box.open(CLIENT_SECRET_PURPOSE, row.sealed_secret);
  if (clientSecret !== undefined) return { ...entry, clientSecret };
  const problem = { path: ["config", "client_secret"], message: "cannot be decrypted with this GATEWAY_SECRET_KEY" };
  return { ...entry, clientSecret: "", problems: [...entry.problems, problem] };
}

export function organizationEntry(row: DocumentRow | undefined): Entry<OrganizationDocument> {
  return row === undefined ? EMPTY_CATALOGUE.organization : entryOf(row, readOrganization);
}

type ReadDocument<D> = Pick<Entry<D>, "document" | "raw" | "problems">;

function entryOf<D>(row: DocumentRow, read: (text: string) => ReadDocument<D>): Entry<D> {
  const { id, created_at: createdAt, updated_at: updatedAt } = row;
  return { id, source: "store", createdAt, updatedAt, ...read(row.document) };
}

function rememberedReader<D>(schema: z.ZodType<D>): (text: string) => ReadDocument<D> {
  const remembered = new LRUCache<string, ReadDocument<D>>({ max: REMEMBERED_DOCUMENTS });
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const raw = readJson(text);
    const parsed = schema.safeParse(raw);
    const problems = parsed.error?.issues.map(({ path, message }) => ({ path: path.map(partOf), message })) ?? [];
    const document = { document: parsed.data, raw, problems };
    remembered.set(text, document);
    return document;
  };
}

function partOf(part: PropertyKey): string | number {
  return typeof part === "number" ? part : String(part);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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

/** Rows in, entries out. A document that cannot be read (a newer gateway may have written it) is an entry with problems. */
export function applicationEntry(row: Schema["applications"], policies: readonly PolicyLink[]): ApplicationEntry {
  return { ...entryOf(row, applicationDocumentSchema), aud: row.aud, policies };
}

export function policyEntry(row: Schema["policies"]): PolicyEntry {
  return { ...entryOf(row, policyDocumentSchema), applicationId: row.application_id };
}

export function groupEntry(row: DocumentRow): Entry<GroupDocument> {
  return entryOf(row, groupDocumentSchema);
}

export function identityProviderEntry(row: Schema["identity_providers"], box: SecretBox): IdentityProviderEntry {
  const entry = entryOf(row, identityProviderDocumentSchema);
  const clientSecret = box.open(CLIENT_SECRET_PURPOSE, row.sealed_secret);
  if (clientSecret !== undefined) return { ...entry, clientSecret };
  const problem = { path: ["config", "client_secret"], message: "cannot be decrypted with this GATEWAY_SECRET_KEY" };
  return { ...entry, clientSecret: "", problems: [...entry.problems, problem] };
}

export function organizationEntry(row: DocumentRow | undefined): Entry<OrganizationDocument> {
  return row === undefined ? EMPTY_CATALOGUE.organization : entryOf(row, organizationDocumentSchema);
}

function entryOf<D>(row: DocumentRow, schema: z.ZodType<D>): Entry<D> {
  const raw = readJson(row.document);
  const parsed = schema.safeParse(raw);
  const problems = parsed.error?.issues.map(({ path, message }) => ({ path: path.map(partOf), message })) ?? [];
  const { id, created_at: createdAt, updated_at: updatedAt } = row;
  return { id, source: "store", createdAt, updatedAt, document: parsed.data, raw, problems };
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

import type { Catalogue, PolicyEntry } from "../policies/catalogue.ts";
import type { PolicyDocument } from "../policies/policy-document.ts";
import type { ChangeDraft } from "./change.ts";
import { replaced } from "./stored-catalogue.ts";
import { storedEntry } from "./stored-entry.ts";

export interface NewPolicy {
  readonly id: string;
  readonly document: PolicyDocument;
  readonly applicationId: string | null;
}

export async function insertPolicy(
  { transaction, at }: ChangeDraft,
  { id, document, applicationId: application_id }: NewPolicy,
): Promise<void> {
  const row = { id, document: JSON.stringify(document), created_at: at, updated_at: at, application_id };
  await transaction.insertInto("policies").values(row).execute();
}

export async function writePolicy(
  { transaction, at }: ChangeDraft,
  id: string,
  document: PolicyDocument,
): Promise<void> {
  const update = { document: JSON.stringify(document), updated_at: at };
  await transaction.updateTable("policies").set(update).where("id", "=", id).execute();
}

export function newEntry({ id, document, applicationId }: NewPolicy, at: string): PolicyEntry {
  return { ...storedEntry(id, document, at), applicationId };
}

export function withPolicy(catalogue: Catalogue, entry: PolicyEntry): Catalogue {
  return { ...catalogue, policies: replaced(catalogue.policies, entry.id, entry) };
}

/** The name in a document that may be anything. */
export function nameIn(raw: unknown): string {
  const { name } = (raw ?? {}) as { name?: unknown };
  return typeof name === "string" ? name : "";
}

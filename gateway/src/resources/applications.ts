import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import type { By } from "../audit/event.ts";
import { type ApplicationDocument, applicationDocumentSchema } from "../policies/application-document.ts";
import type { ApplicationEntry, Catalogue } from "../policies/catalogue.ts";
import { type ChangeDraft, changeCatalogue, changedFields } from "./change.ts";
import type { ResourceDeps } from "./deps.ts";
import { invalid } from "./invalid.ts";
import { type PolicyInput, policyInputsSchema, type ResolvedPolicies, resolvePolicies } from "./policy-links.ts";
import { insertPolicy, nameIn, newEntry, writePolicy } from "./policy-rows.ts";
import { withoutReadOnly } from "./read-only-fields.ts";
import { missingReferences, NO_PROVIDER } from "./references.ts";
import { replaced } from "./stored-catalogue.ts";
import { changeableEntry, storedEntry, withDocument } from "./stored-entry.ts";

/** Applications. Bodies have Cloudflare's field names and our `origin`; each call returns the id. */
export interface ApplicationStore {
  /** @throws {ZodError} what is wrong with the body; {GatewayError} `ERR_APPLICATION_EXISTS` */
  create(body: unknown, by: By): Promise<string>;
  /** Replaces all of it but `aud` and, where the body has none, `policies`. @throws {GatewayError} also `ERR_APPLICATION_NOT_FOUND`, `ERR_RESOURCE_READ_ONLY` */
  update(id: string, body: unknown, by: By): Promise<string>;
  /** Sets `allow_iframe` and `skip_interstitial`, as far as the body has them. @throws as above */
  updateSettings(id: string, body: unknown, by: By): Promise<string>;
  /** With the policies that are its own. @throws {GatewayError} `ERR_APPLICATION_NOT_FOUND`, `ERR_RESOURCE_READ_ONLY` */
  delete(id: string, by: By): Promise<string>;
}

const AUD_BYTES = 32;

export function createApplicationStore(deps: ResourceDeps): ApplicationStore {
  return {
    create: (body, by) => createApplication(deps, body, by),
    async update(id, body, by) {
      const read = readBody(body);
      return updateApplication(deps, id, () => read, by);
    },
    async updateSettings(id, body, by) {
      const settings = settingsSchema.parse(body);
      return updateApplication(deps, id, ({ raw }) => readBody({ ...(raw as object), ...settings }), by);
    },
    delete: (id, by) => deleteApplication(deps, id, by),
  };
}

async function createApplication(deps: ResourceDeps, body: unknown, by: By): Promise<string> {
  const { document, policies } = readBody(body);
  const id = randomUUID();
  const aud = randomBytes(AUD_BYTES).toString("hex");
  await changeCatalogue(deps, { kind: "application", id, by }, async (draft) => {
    await refuseMissing(document, policies, draft);
    const { transaction, at } = draft;
    const row = { id, aud, document: JSON.stringify(document), created_at: at, updated_at: at };
    await transaction.insertInto("applications").values(row).execute();
    const entry: ApplicationEntry = { ...storedEntry(id, document, at), aud, policies: [] };
    const catalogue = await writePolicies(entry, resolvePolicies(policies ?? [], draft.catalogue, id), draft);
    const detail = { id, name: document.name, domain: document.domain, aud };
    return { catalogue, event: "application.created", detail, application: { id, name: document.name } };
  });
  return id;
}

async function updateApplication(
  deps: ResourceDeps,
  id: string,
  bodyFor: (present: ApplicationEntry) => ApplicationBody,
  by: By,
): Promise<string> {
  await changeCatalogue(deps, { kind: "application", id, by }, async (draft) => {
    const { transaction, at } = draft;
    const entry = changeableEntry(draft.catalogue.applications.get(id), "application");
    const { document, policies } = bodyFor(entry);
    await refuseMissing(document, policies, draft);
    const update = { document: JSON.stringify(document), updated_at: at };
    await transaction.updateTable("applications").set(update).where("id", "=", id).execute();
    const next: ApplicationEntry = { ...withDocument(entry, document), updatedAt: at };
    const catalogue =
      policies === undefined
        ? withApplication(draft.catalogue, id, next)
        : await writePolicies(next, resolvePolicies(policies, draft.catalogue, id), draft);
    const changed = [...changedFields(entry.raw, document), ...(policies === undefined ? [] : ["policies"])];
    const detail = { id, name: document.name, changed };
    return { catalogue, event: "application.updated", detail, application: { id, name: document.name } };
  });
  return id;
}

const settingsSchema = z.strictObject({
  allow_iframe: z.boolean().optional(),
  skip_interstitial: z.boolean().optional(),
});

async function deleteApplication(deps: ResourceDeps, id: string, by: By): Promise<string> {
  await changeCatalogue(deps, { kind: "application", id, by }, async ({ transaction, catalogue }) => {
    const { raw } = changeableEntry(catalogue.applications.get(id), "application");
    await transaction.deleteFrom("applications").where("id", "=", id).execute();
    const policies = new Map([...catalogue.policies].filter(([, { applicationId }]) => applicationId !== id));
    const name = nameIn(raw);
    return {
      catalogue: { ...withApplication(catalogue, id, undefined), policies },
      event: "application.deleted",
      detail: { id, name },
      application: { id, name },
    };
  });
  return id;
}

interface ApplicationBody {
  readonly document: ApplicationDocument;
  /** Undefined: not spoken of. */
  readonly policies: readonly PolicyInput[] | undefined;
}

/** Both parts are read before anything is thrown, so that all problems are told at once. */
function readBody(body: unknown): ApplicationBody {
  const { policies: given } = (body ?? {}) as { policies?: unknown };
  const document = applicationDocumentSchema.safeParse(withoutReadOnly(body, "aud", "policies"));
  const policies = given == null ? undefined : policyInputsSchema.safeParse(given);
  const problems = [
    ...(document.error?.issues ?? []),
    ...(policies?.error?.issues.map((issue) => ({ ...issue, path: ["policies", ...issue.path] })) ?? []),
  ].map(({ path, message }) => ({
    path: path.map((part) => (typeof part === "number" ? part : String(part))),
    message,
  }));
  if (!document.success || policies?.success === false) throw invalid(problems);
  return { document: document.data, policies: policies?.data };
}

async function refuseMissing(
  { allowed_idps }: ApplicationDocument,
  policies: readonly PolicyInput[] = [],
  { catalogue, transaction }: ChangeDraft,
): Promise<void> {
  const problems = allowed_idps.flatMap((id, index) =>
    catalogue.identityProviders.has(id) ? [] : [{ path: ["allowed_idps", index], message: NO_PROVIDER }],
  );
  for (const [index, { document }] of policies.entries()) {
    if (document === undefined) continue;
    const missing = await missingReferences(document, catalogue, transaction);
    problems.push(...missing.map(({ path, message }) => ({ path: ["policies", index, ...path], message })));
  }
  if (problems.length > 0) throw invalid(problems);
}

/** Sets the application's policies: its own that are no longer listed go. @returns The catalogue with it all. */
async function writePolicies(
  entry: ApplicationEntry,
  { links, created, updated }: ResolvedPolicies,
  draft: ChangeDraft,
): Promise<Catalogue> {
  const { transaction, catalogue, at } = draft;
  const { id: applicationId } = entry;
  const kept = new Set(links.map(({ policyId }) => policyId));
  const policies = new Map(
    [...catalogue.policies].filter(([id, policy]) => policy.applicationId !== applicationId || kept.has(id)),
  );
  const gone = [...catalogue.policies.keys()].filter((id) => !policies.has(id));
  for (const id of gone) await transaction.deleteFrom("policies").where("id", "=", id).execute();
  for (const { id, document } of created) {
    await insertPolicy(draft, { id, document, applicationId });
    policies.set(id, newEntry({ id, document, applicationId }, at));
  }
  for (const { id, document } of updated) {
    await writePolicy(draft, id, document);
    const known = policies.get(id);
    if (known !== undefined) policies.set(id, withDocument(known, document));
  }
  await transaction.deleteFrom("application_policies").where("application_id", "=", applicationId).execute();
  for (const { policyId, precedence } of links) await insertLink(draft, applicationId, { policyId, precedence });
  return { ...withApplication(catalogue, applicationId, { ...entry, policies: links }), policies };
}

export async function insertLink(
  { transaction }: ChangeDraft,
  application_id: string,
  { policyId: policy_id, precedence }: { readonly policyId: string; readonly precedence: number },
): Promise<void> {
  await transaction.insertInto("application_policies").values({ application_id, policy_id, precedence }).execute();
}

export function withApplication(catalogue: Catalogue, id: string, entry: ApplicationEntry | undefined): Catalogue {
  return { ...catalogue, applications: replaced(catalogue.applications, id, entry) };
}

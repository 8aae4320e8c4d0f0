import { randomUUID } from "node:crypto";
import type { By } from "../audit/event.ts";
import { GatewayError } from "../errors.ts";
import type { Catalogue, PolicyEntry } from "../policies/catalogue.ts";
import { type PolicyDocument, policyDocumentSchema } from "../policies/policy-document.ts";
import { changeCatalogue, changedFields } from "./change.ts";
import type { ResourceDeps } from "./deps.ts";
import { insertPolicy, nameIn, newEntry, withPolicy, writePolicy } from "./policy-rows.ts";
import { withoutReadOnly } from "./read-only-fields.ts";
import { refuseMissingReferences } from "./references.ts";
import { replaced } from "./stored-catalogue.ts";
import { changeableEntry, withDocument } from "./stored-entry.ts";

/** Reusable policies. Bodies have Cloudflare's field names; each call returns the id. */
export interface PolicyStore {
  /** @throws {ZodError} what is wrong with the body */
  create(body: unknown, by: By): Promise<string>;
  /** Replaces all of it. @throws {ZodError}, {GatewayError} `ERR_POLICY_NOT_FOUND`, `ERR_RESOURCE_READ_ONLY` */
  update(id: string, body: unknown, by: By): Promise<string>;
  /** @throws {GatewayError} `ERR_POLICY_NOT_FOUND`, `ERR_RESOURCE_IN_USE`, `ERR_RESOURCE_READ_ONLY` */
  delete(id: string, by: By): Promise<string>;
}

export function createPolicyStore(deps: ResourceDeps): PolicyStore {
  return {
    create: (body, by) => createPolicy(deps, body, by),
    update: (id, body, by) => updatePolicy(deps, id, body, by),
    delete: (id, by) => deletePolicy(deps, id, by),
  };
}

async function createPolicy(deps: ResourceDeps, body: unknown, by: By): Promise<string> {
  const document = readPolicyBody(body);
  const id = randomUUID();
  await changeCatalogue(deps, { kind: "policy", id, by }, async (draft) => {
    await refuseMissingReferences(document, draft);
    await insertPolicy(draft, { id, document, applicationId: null });
    const catalogue = withPolicy(draft.catalogue, newEntry({ id, document, applicationId: null }, draft.at));
    return { catalogue, event: "policy.created", detail: { id, name: document.name } };
  });
  return id;
}

async function updatePolicy(deps: ResourceDeps, id: string, body: unknown, by: By): Promise<string> {
  const document = readPolicyBody(body);
  await changeCatalogue(deps, { kind: "policy", id, by }, async (draft) => {
    const entry = changeableEntry(reusable(draft.catalogue, id), "policy");
    await refuseMissingReferences(document, draft);
    await writePolicy(draft, id, document);
    const detail = { id, name: document.name, changed: changedFields(entry.raw, document) };
    return { catalogue: withPolicy(draft.catalogue, withDocument(entry, document)), event: "policy.updated", detail };
  });
  return id;
}

async function deletePolicy(deps: ResourceDeps, id: string, by: By): Promise<string> {
  await changeCatalogue(deps, { kind: "policy", id, by }, async ({ transaction, catalogue }) => {
    const entry = changeableEntry(reusable(catalogue, id), "policy");
    const users = [...catalogue.applications.values()]
      .filter(({ policies }) => policies.some(({ policyId }) => policyId === id))
      .map(({ raw }) => `"${nameIn(raw)}"`);
    if (users.length > 0) {
      const message = `The policy is in use by the applications ${users.join(", ")}: take it out of them first.`;
      throw new GatewayError("ERR_RESOURCE_IN_USE", message);
    }
    await transaction.deleteFrom("policies").where("id", "=", id).execute();
    const policies = replaced(catalogue.policies, id, undefined);
    return { catalogue: { ...catalogue, policies }, event: "policy.deleted", detail: { id, name: nameIn(entry.raw) } };
  });
  return id;
}

export function readPolicyBody(body: unknown): PolicyDocument {
  return policyDocumentSchema.parse(withoutReadOnly(body, "precedence", "reusable", "app_count"));
}

function reusable({ policies }: Catalogue, id: string): PolicyEntry | undefined {
  const entry = policies.get(id);
  return entry?.applicationId === null ? entry : undefined;
}

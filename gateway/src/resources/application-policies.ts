import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { By } from "../audit/event.ts";
import { GatewayError } from "../errors.ts";
import type { ApplicationEntry, Catalogue, PolicyEntry, PolicyLink } from "../policies/catalogue.ts";
import { insertLink, withApplication } from "./applications.ts";
import { changeCatalogue, changedFields } from "./change.ts";
import type { ResourceDeps } from "./deps.ts";
import { invalid } from "./invalid.ts";
import { readPolicyBody } from "./policies.ts";
import { precedenceField, TAKEN_PRECEDENCE } from "./policy-links.ts";
import { insertPolicy, nameIn, newEntry, withPolicy, writePolicy } from "./policy-rows.ts";
import { refuseMissingReferences } from "./references.ts";
import { replaced } from "./stored-catalogue.ts";
import { changeableEntry, foundEntry, withDocument } from "./stored-entry.ts";

/** Which policy of which application. */
interface PolicyPlace {
  readonly applicationId: string;
  readonly policyId: string;
}

/** Policies that belong to one application. Bodies have `precedence` too; each call returns the policy's id. */
export interface ApplicationPolicyStore {
  /** Without `precedence` it comes last. @throws {ZodError}, {GatewayError} `ERR_APPLICATION_NOT_FOUND`, `ERR_RESOURCE_READ_ONLY` */
  create(applicationId: string, body: unknown, by: By): Promise<string>;
  /** Replaces all of it; without `precedence` it keeps its place. @throws {GatewayError} also `ERR_POLICY_NOT_FOUND` */
  update(place: PolicyPlace, body: unknown, by: By): Promise<string>;
  /** @throws {GatewayError} as above */
  delete(place: PolicyPlace, by: By): Promise<string>;
  /** Lets other applications have it too. @throws {GatewayError} as above */
  makeReusable(place: PolicyPlace, by: By): Promise<string>;
}

export function createApplicationPolicyStore(deps: ResourceDeps): ApplicationPolicyStore {
  return {
    create: (applicationId, body, by) => createPolicy(deps, applicationId, body, by),
    update: (place, body, by) => updatePolicy(deps, place, body, by),
    delete: (place, by) => deletePolicy(deps, place, by),
    makeReusable: (place, by) => makeReusable(deps, place, by),
  };
}

async function createPolicy(deps: ResourceDeps, applicationId: string, body: unknown, by: By): Promise<string> {
  const document = readPolicyBody(body);
  const asked = readPrecedence(body);
  const id = randomUUID();
  await changeCatalogue(deps, { kind: "application", id: applicationId, by }, async (draft) => {
    const entry = changeableEntry(draft.catalogue.applications.get(applicationId), "application");
    await refuseMissingReferences(document, draft);
    const precedence = asked ?? Math.max(0, ...entry.policies.map((link) => link.precedence)) + 1;
    const links = placed(entry.policies, { policyId: id, precedence });
    await insertPolicy(draft, { id, document, applicationId });
    await insertLink(draft, applicationId, { policyId: id, precedence });
    const catalogue = withPolicy(draft.catalogue, newEntry({ id, document, applicationId }, draft.at));
    const detail = { id, name: document.name, decision: document.decision };
    return { ...linked(catalogue, entry, links), event: "policy.created", detail };
  });
  return id;
}

async function updatePolicy(
  deps: ResourceDeps,
  { applicationId, policyId }: PolicyPlace,
  body: unknown,
  by: By,
): Promise<string> {
  const document = readPolicyBody(body);
  const asked = readPrecedence(body);
  await changeCatalogue(deps, { kind: "application", id: applicationId, by }, async (draft) => {
    const { application, policy } = ownPolicy(draft.catalogue, { applicationId, policyId });
    await refuseMissingReferences(document, draft);
    await writePolicy(draft, policyId, document);
    const known = application.policies.find((link) => link.policyId === policyId);
    const precedence = asked ?? known?.precedence ?? 1;
    const links = placed(application.policies, { policyId, precedence });
    await draft.transaction
      .updateTable("application_policies")
      .set({ precedence })
      .where("application_id", "=", applicationId)
      .where("policy_id", "=", policyId)
      .execute();
    const catalogue = withPolicy(draft.catalogue, withDocument(policy, document));
    const changed = [
      ...changedFields(policy.raw, document),
      ...(precedence === known?.precedence ? [] : ["precedence"]),
    ];
    const detail = { id: policyId, name: document.name, changed };
    return { ...linked(catalogue, application, links), event: "policy.updated", detail };
  });
  return policyId;
}

async function deletePolicy(deps: ResourceDeps, { applicationId, policyId }: PolicyPlace, by: By): Promise<string> {
  await changeCatalogue(deps, { kind: "application", id: applicationId, by }, async ({ transaction, catalogue }) => {
    const { application, policy } = ownPolicy(catalogue, { applicationId, policyId });
    await transaction.deleteFrom("policies").where("id", "=", policyId).execute();
    const links = application.policies.filter((link) => link.policyId !== policyId);
    const without = { ...catalogue, policies: replaced(catalogue.policies, policyId, undefined) };
    const detail = { id: policyId, name: nameIn(policy.raw) };
    return { ...linked(without, application, links), event: "policy.deleted", detail };
  });
  return policyId;
}

async function makeReusable(deps: ResourceDeps, { applicationId, policyId }: PolicyPlace, by: By): Promise<string> {
  await changeCatalogue(deps, { kind: "policy", id: policyId, by }, async ({ transaction, catalogue }) => {
    const { policy } = ownPolicy(catalogue, { applicationId, policyId });
    await transaction.updateTable("policies").set({ application_id: null }).where("id", "=", policyId).execute();
    const detail = { id: policyId, name: nameIn(policy.raw), changed: ["reusable"] };
    return { catalogue: withPolicy(catalogue, { ...policy, applicationId: null }), event: "policy.updated", detail };
  });
  return policyId;
}

const precedenceBody = z.looseObject({ precedence: precedenceField.nullish() });

function readPrecedence(body: unknown): number | undefined {
  return precedenceBody.parse(body).precedence ?? undefined;
}

/** @throws {GatewayError} also when the policy is reusable: changing it here would change it for others. */
function ownPolicy(
  catalogue: Catalogue,
  { applicationId, policyId }: PolicyPlace,
): { application: ApplicationEntry; policy: PolicyEntry } {
  const application = changeableEntry(catalogue.applications.get(applicationId), "application");
  const link = application.policies.find((one) => one.policyId === policyId);
  const policy = foundEntry(link && catalogue.policies.get(policyId), "policy");
  if (policy.applicationId === applicationId) return { application, policy };
  const message = `This policy is reusable: change or delete it by /access/policies/${policyId}, or take it out of the application's policies.`;
  throw new GatewayError("ERR_RESOURCE_READ_ONLY", message);
}

/** The links with one more or at another place. */
function placed(links: readonly PolicyLink[], link: PolicyLink): readonly PolicyLink[] {
  const others = links.filter(({ policyId }) => policyId !== link.policyId);
  if (others.some(({ precedence }) => precedence === link.precedence)) {
    throw invalid([{ path: ["precedence"], message: TAKEN_PRECEDENCE }]);
  }
  return [...others, link].toSorted((a, b) => a.precedence - b.precedence);
}

function linked(catalogue: Catalogue, entry: ApplicationEntry, policies: readonly PolicyLink[]) {
  return {
    catalogue: withApplication(catalogue, entry.id, { ...entry, policies }),
    application: { id: entry.id, name: nameIn(entry.raw) },
  };
}

import { randomUUID } from "node:crypto";
import type { By } from "../audit/event.ts";
import type { Catalogue, Entry } from "../policies/catalogue.ts";
import { type GroupDocument, groupDocumentSchema } from "../policies/policy-document.ts";
import { changeCatalogue, changedFields } from "./change.ts";
import type { ResourceDeps } from "./deps.ts";
import { nameIn } from "./policy-rows.ts";
import { withoutReadOnly } from "./read-only-fields.ts";
import { namesInRules, refuseMissingReferences } from "./references.ts";
import { replaced } from "./stored-catalogue.ts";
import { changeableEntry, refuseInUse, storedEntry, withDocument } from "./stored-entry.ts";

/** Groups of rules. Bodies have Cloudflare's field names; each call returns the id. */
export interface GroupStore {
  /** @throws {ZodError} what is wrong with the body */
  create(body: unknown, by: By): Promise<string>;
  /** Replaces all of it; refused when a policy that names it would stop working. @throws {ZodError}, {GatewayError} `ERR_GROUP_NOT_FOUND`, `ERR_RESOURCE_READ_ONLY` */
  update(id: string, body: unknown, by: By): Promise<string>;
  /** @throws {GatewayError} `ERR_GROUP_NOT_FOUND`, `ERR_RESOURCE_IN_USE`, `ERR_RESOURCE_READ_ONLY` */
  delete(id: string, by: By): Promise<string>;
}

export function createGroupStore(deps: ResourceDeps): GroupStore {
  return {
    create: (body, by) => createGroup(deps, body, by),
    update: (id, body, by) => updateGroup(deps, id, body, by),
    delete: (id, by) => deleteGroup(deps, id, by),
  };
}

async function createGroup(deps: ResourceDeps, body: unknown, by: By): Promise<string> {
  const document = groupDocumentSchema.parse(withoutReadOnly(body));
  const id = randomUUID();
  await changeCatalogue(deps, { kind: "group", id, by }, async (draft) => {
    await refuseMissingReferences(document, draft);
    const { transaction, at } = draft;
    const row = { id, document: JSON.stringify(document), created_at: at, updated_at: at };
    await transaction.insertInto("groups").values(row).execute();
    return {
      catalogue: withGroup(draft.catalogue, id, storedEntry(id, document, at)),
      event: "group.created",
      detail: { id, name: document.name },
    };
  });
  return id;
}

async function updateGroup(deps: ResourceDeps, id: string, body: unknown, by: By): Promise<string> {
  const document = groupDocumentSchema.parse(withoutReadOnly(body));
  await changeCatalogue(deps, { kind: "group", id, by }, async (draft) => {
    const entry = changeableEntry(draft.catalogue.groups.get(id), "group");
    await refuseMissingReferences(document, draft);
    const { transaction, at } = draft;
    const update = { document: JSON.stringify(document), updated_at: at };
    await transaction.updateTable("groups").set(update).where("id", "=", id).execute();
    const catalogue = withGroup(draft.catalogue, id, withDocument(entry, document));
    const detail = { id, name: document.name, changed: changedFields(entry.raw, document) };
    return { catalogue, event: "group.updated", detail };
  });
  return id;
}

async function deleteGroup(deps: ResourceDeps, id: string, by: By): Promise<string> {
  await changeCatalogue(deps, { kind: "group", id, by }, async ({ transaction, catalogue }) => {
    const entry = changeableEntry(catalogue.groups.get(id), "group");
    refuseInUse("group", usersOf(id, catalogue));
    await transaction.deleteFrom("groups").where("id", "=", id).execute();
    const detail = { id, name: nameIn(entry.raw) };
    return { catalogue: withGroup(catalogue, id, undefined), event: "group.deleted", detail };
  });
  return id;
}

function usersOf(id: string, { policies, groups }: Catalogue): string[] {
  const uses = ({ document }: Entry<GroupDocument>) => namesInRules(document, "group", "id", id);
  return [
    ...[...policies.values()].filter((entry) => uses(entry)).map(({ raw }) => `policy "${nameIn(raw)}"`),
    ...[...groups.values()].filter((entry) => uses(entry)).map(({ raw }) => `group "${nameIn(raw)}"`),
  ];
}

function withGroup(catalogue: Catalogue, id: string, entry: Entry<GroupDocument> | undefined): Catalogue {
  return { ...catalogue, groups: replaced(catalogue.groups, id, entry) };
}

import type { By } from "../audit/event.ts";
import { type OrganizationDocument, organizationDocumentSchema } from "../policies/organization-document.ts";
import { changeCatalogue, changedFields } from "./change.ts";
import type { ResourceDeps } from "./deps.ts";
import { invalid } from "./invalid.ts";
import { withoutReadOnly } from "./read-only-fields.ts";
import { withDocument } from "./stored-entry.ts";

/** The settings of the whole gateway: always there, with defaults until they are set. */
export interface OrganizationStore {
  /** Sets all of it; what is left out gets its default. @throws {ZodError} */
  replace(body: unknown, by: By): Promise<void>;
  /** Sets what the body has. @throws {ZodError} */
  merge(body: unknown, by: By): Promise<void>;
}

const ID = "organization";

/** @param authDomain The gateway's own host, which `auth_domain` tells and cannot change. */
export function createOrganizationStore(deps: ResourceDeps, authDomain: string): OrganizationStore {
  return {
    replace: (body, by) => write(deps, by, () => readBody(body, authDomain)),
    merge: (body, by) =>
      write(deps, by, (present) => organizationDocumentSchema.parse({ ...present, ...fieldsOf(body, authDomain) })),
  };
}

async function write(
  deps: ResourceDeps,
  by: By,
  read: (present: OrganizationDocument | undefined) => OrganizationDocument,
): Promise<void> {
  await changeCatalogue(deps, { kind: "organization", id: ID, by }, async ({ transaction, catalogue, at }) => {
    const entry = catalogue.organization;
    const document = read(entry.document);
    const text = JSON.stringify(document);
    await transaction
      .insertInto("organizations")
      .values({ id: ID, document: text, created_at: at, updated_at: at })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ document: text, updated_at: at }))
      .execute();
    const detail = { name: document.name, changed: changedFields(entry.raw, document) };
    const next = withDocument(entry, document);
    return { catalogue: { ...catalogue, organization: next }, event: "organization.updated", detail };
  });
}

function readBody(body: unknown, authDomain: string): OrganizationDocument {
  return organizationDocumentSchema.parse(fieldsOf(body, authDomain));
}

function fieldsOf(body: unknown, authDomain: string): object {
  const { auth_domain: given } = (body ?? {}) as { auth_domain?: unknown };
  if (given != null && given !== authDomain) {
    const message = `is ${authDomain}, and set by GATEWAY_ISSUER alone`;
    throw invalid([{ path: ["auth_domain"], message }]);
  }
  const fields = withoutReadOnly(body, "auth_domain");
  if (typeof fields === "object" && fields !== null && !Array.isArray(fields)) return fields;
  throw invalid([{ path: [], message: "must be an object" }]);
}

import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { By } from "../audit/event.ts";
import type { Catalogue, IdentityProviderEntry } from "../policies/catalogue.ts";
import {
  type IdentityProviderDocument,
  identityProviderDocumentSchema,
} from "../policies/identity-provider-document.ts";
import { changeCatalogue, changedFields } from "./change.ts";
import type { ResourceDeps } from "./deps.ts";
import type { FindIssuer } from "./find-issuer.ts";
import { invalid } from "./invalid.ts";
import { nameIn } from "./policy-rows.ts";
import { CLIENT_SECRET_PURPOSE } from "./read-entries.ts";
import { withoutReadOnly } from "./read-only-fields.ts";
import { namesInRules } from "./references.ts";
import { replaced } from "./stored-catalogue.ts";
import { changeableEntry, refuseInUse, storedEntry, withDocument } from "./stored-entry.ts";

/** Identity providers. Bodies have Cloudflare's field names and our `config.issuer`; each call returns the id. */
export interface IdentityProviderStore {
  /** @throws {ZodError} what is wrong with the body */
  create(body: unknown, by: By): Promise<string>;
  /** Replaces all of it; without `config.client_secret` the old one stays, for the same issuer only. @throws {GatewayError} `ERR_IDENTITY_PROVIDER_NOT_FOUND`, `ERR_RESOURCE_READ_ONLY` */
  update(id: string, body: unknown, by: By): Promise<string>;
  /** @throws {GatewayError} also `ERR_RESOURCE_IN_USE` */
  delete(id: string, by: By): Promise<string>;
}

/** What the API shows in place of a client secret: sent back, it means the one that is there. */
export const HIDDEN_SECRET = "**********";

/** @param findIssuer For bodies without `config.issuer`, as clients of Cloudflare's send them. */
export function createIdentityProviderStore(deps: ResourceDeps, findIssuer: FindIssuer): IdentityProviderStore {
  return {
    create: async (body, by) => createProvider(deps, await readBody(body, findIssuer), by),
    update: async (id, body, by) => updateProvider(deps, id, await readBody(body, findIssuer), by),
    delete: (id, by) => deleteProvider(deps, id, by),
  };
}

async function createProvider(deps: ResourceDeps, { document, clientSecret }: ProviderBody, by: By): Promise<string> {
  if (clientSecret === undefined) throw invalid([{ path: ["config", "client_secret"], message: "is required" }]);
  const id = randomUUID();
  await changeCatalogue(deps, { kind: "identity_provider", id, by }, async ({ transaction, catalogue, at }) => {
    const sealed_secret = deps.box.seal(CLIENT_SECRET_PURPOSE, clientSecret);
    const row = { id, document: JSON.stringify(document), created_at: at, updated_at: at, sealed_secret };
    await transaction.insertInto("identity_providers").values(row).execute();
    const entry: IdentityProviderEntry = { ...storedEntry(id, document, at), clientSecret };
    const detail = { id, name: document.name, issuer: document.config.issuer };
    return { catalogue: withProvider(catalogue, id, entry), event: "identity_provider.created", detail };
  });
  return id;
}

async function updateProvider(
  deps: ResourceDeps,
  id: string,
  { document, clientSecret }: ProviderBody,
  by: By,
): Promise<string> {
  await changeCatalogue(deps, { kind: "identity_provider", id, by }, async ({ transaction, catalogue, at }) => {
    const entry = changeableEntry(catalogue.identityProviders.get(id), "identity_provider");
    const secret = clientSecret ?? keptSecret(entry, document);
    const sealed_secret = deps.box.seal(CLIENT_SECRET_PURPOSE, secret);
    const update = { document: JSON.stringify(document), updated_at: at, sealed_secret };
    await transaction.updateTable("identity_providers").set(update).where("id", "=", id).execute();
    const next = { ...withDocument(entry, document), clientSecret: secret };
    const changed = [...changedFields(entry.raw, document), ...(clientSecret === undefined ? [] : ["client_secret"])];
    const detail = { id, name: document.name, changed };
    return { catalogue: withProvider(catalogue, id, next), event: "identity_provider.updated", detail };
  });
  return id;
}

/** The old secret would be sent to the new issuer: it must not get there by leaving a field out. */
function keptSecret(
  { document: before, clientSecret }: IdentityProviderEntry,
  { config }: IdentityProviderDocument,
): string {
  const isSame = before?.config.issuer === config.issuer && before.config.client_id === config.client_id;
  if (isSame && clientSecret !== "") return clientSecret;
  throw invalid([{ path: ["config", "client_secret"], message: "is required with another issuer or client_id" }]);
}

async function deleteProvider(deps: ResourceDeps, id: string, by: By): Promise<string> {
  await changeCatalogue(deps, { kind: "identity_provider", id, by }, async ({ transaction, catalogue }) => {
    const entry = changeableEntry(catalogue.identityProviders.get(id), "identity_provider");
    refuseInUse("identity_provider", usersOf(id, catalogue));
    await transaction.deleteFrom("identity_providers").where("id", "=", id).execute();
    const detail = { id, name: nameIn(entry.raw) };
    return { catalogue: withProvider(catalogue, id, undefined), event: "identity_provider.deleted", detail };
  });
  return id;
}

function usersOf(id: string, { applications, policies, groups }: Catalogue): string[] {
  const isNamed = (document: Parameters<typeof namesInRules>[0]) =>
    namesInRules(document, "login_method", "id", id) || namesInRules(document, "oidc", "identity_provider_id", id);
  return [
    ...[...applications.values()]
      .filter(({ document }) => document?.allowed_idps.includes(id))
      .map(({ raw }) => `application "${nameIn(raw)}"`),
    ...[...policies.values()].filter(({ document }) => isNamed(document)).map(({ raw }) => `policy "${nameIn(raw)}"`),
    ...[...groups.values()].filter(({ document }) => isNamed(document)).map(({ raw }) => `group "${nameIn(raw)}"`),
  ];
}

const secretBody = z.looseObject({
  config: z.looseObject({ client_secret: z.string().min(1, "must not be empty").max(4_096).nullish() }).optional(),
});

interface ProviderBody {
  readonly document: IdentityProviderDocument;
  /** Undefined: the one that is there. */
  readonly clientSecret: string | undefined;
}

/** The client secret is taken out of the body before the rest becomes a document. */
async function readBody(body: unknown, findIssuer: FindIssuer): Promise<ProviderBody> {
  const { config } = secretBody.parse(body);
  const { client_secret: secret, redirect_url: _, ...rest } = config ?? {};
  const issuer = rest["issuer"] ?? (config === undefined ? undefined : await findIssuer(rest));
  const fields = withoutReadOnly(body) as object;
  const document = identityProviderDocumentSchema.parse(
    config === undefined ? fields : { ...fields, config: { ...rest, ...(issuer !== undefined && { issuer }) } },
  );
  return { document, clientSecret: secret == null || secret === HIDDEN_SECRET ? undefined : secret };
}

function withProvider(catalogue: Catalogue, id: string, entry: IdentityProviderEntry | undefined): Catalogue {
  return { ...catalogue, identityProviders: replaced(catalogue.identityProviders, id, entry) };
}

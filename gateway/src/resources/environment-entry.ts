import type { IdentityProviderEntry } from "../policies/catalogue.ts";
import type { IdentityProviderDocument } from "../policies/identity-provider-document.ts";
import type { IdentityProviderModel } from "../policies/model.ts";

/** The identity provider of the environment, as the admin API shows it. */
export function environmentEntry(model: IdentityProviderModel): IdentityProviderEntry {
  const document: IdentityProviderDocument = {
    name: model.name,
    type: "oidc",
    config: {
      issuer: model.issuer,
      client_id: model.clientId,
      claims: [...model.claims],
      scopes: [...model.scopes],
      email_claim_name: model.emailClaim,
      pkce_enabled: true,
    },
  };
  const { id, clientSecret } = model;
  return {
    id,
    source: "environment",
    createdAt: "",
    updatedAt: "",
    document,
    raw: document,
    problems: [],
    clientSecret,
  };
}

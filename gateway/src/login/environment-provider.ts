import type { IdentityProviderModel } from "../policies/model.ts";
import { stableId } from "../policies/stable-id.ts";

/** An identity provider as the environment gives it. */
export interface IdentityProviderConfig {
  /** Issuer identifier; its `/.well-known/openid-configuration` is read at the first login. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The same as one of the store's, under an id that stays the same. */
export function environmentProvider(config: IdentityProviderConfig): IdentityProviderModel {
  return {
    ...config,
    id: stableId(`identity provider ${config.issuer} ${config.clientId}`),
    name: "Company login",
    scopes: ["openid", "email", "profile"],
    claims: [],
    emailClaim: "email",
  };
}

import { z } from "zod";
import { keptField, nameField, unsupportedField, withoutNulls } from "./fields.ts";
import type { IdentityProviderModel } from "./model.ts";
import { isSafeWebAddress } from "./safe-address.ts";

const DEFAULT_SCOPES = ["openid", "email", "profile"];

const issuer = z
  .string({
    error:
      "is required, and our own field: the address whose /.well-known/openid-configuration tells everything about the provider. It may be left out where that document is found above auth_url",
  })
  .refine(isSafeWebAddress, "must be an https:// URL (http:// only for localhost and other loopback addresses)");

/**
 * An identity provider with Cloudflare's field names, of type `oidc`, and one field of ours, `config.issuer`: keys and addresses are
 * discovered, so `auth_url`, `token_url` and `certs_url` are kept and not used. The client secret is kept apart, encrypted.
 */
export const identityProviderDocumentSchema = z.preprocess(
  withoutNulls,
  z.strictObject({
    name: nameField,
    type: z.literal("oidc", {
      error: ({ input }) =>
        `must be oidc: ${typeof input === "string" ? `${input} is not supported` : "others are not supported"}; most providers can be reached by OpenID Connect`,
    }),
    config: z.preprocess(
      withoutNulls,
      z.strictObject({
        issuer,
        client_id: z.string().min(1, "must not be empty"),
        claims: z.array(z.string().min(1)).default([]),
        scopes: z
          .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "is not a scope"))
          .default(DEFAULT_SCOPES)
          .refine((scopes) => scopes.includes("openid"), "must have openid: without it there is no login"),
        email_claim_name: z.string().min(1).default("email"),
        auth_url: keptField,
        token_url: keptField,
        certs_url: keptField,
        pkce_enabled: z.literal(true, { error: "is always true here: every login is bound by PKCE" }).default(true),
      }),
    ),
    scim_config: unsupportedField("provisioning by SCIM"),
  }),
);

export type IdentityProviderDocument = z.output<typeof identityProviderDocumentSchema>;

/** @param usedClaims Claims that rules ask for: they are kept, whether the document lists them or not. */
export function compileIdentityProvider(
  id: string,
  { name, config }: IdentityProviderDocument,
  clientSecret: string,
  usedClaims: Iterable<string>,
): IdentityProviderModel {
  return {
    id,
    name,
    issuer: config.issuer,
    clientId: config.client_id,
    clientSecret,
    scopes: config.scopes,
    claims: [...new Set([...config.claims, ...usedClaims])],
    emailClaim: config.email_claim_name,
  };
}

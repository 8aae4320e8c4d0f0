/** Who asks, as `GET /api/v1/me` says it. A person without a name is called by the address. */
export type Me =
  | { readonly kind: "person"; readonly email: string; readonly name: string }
  | { readonly kind: "service"; readonly clientId: string };

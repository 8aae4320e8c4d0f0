import { listAll, send } from "./client.ts";

/** What is written; fields that have no form come along as they are. */
export interface IdentityProviderDraft {
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface IdentityProvider extends IdentityProviderDraft {
  readonly id: string;
  /** Whether it comes from the gateway's environment, which alone can change it. */
  readonly read_only?: boolean;
  /** Why nobody can log in with it as it stands. */
  readonly problems?: readonly string[];
}

export const NEW_PROVIDER: IdentityProviderDraft = {
  name: "",
  type: "oidc",
  config: { issuer: "", client_id: "", client_secret: "" },
};

const PATH = "/access/identity_providers";

export function listIdentityProviders(signal: AbortSignal): Promise<readonly IdentityProvider[]> {
  return listAll(PATH, signal);
}

/** Without what only answers have, and without the secret, which is never shown: left out, it stays. */
export function draftOf({ name, type, config }: IdentityProvider): IdentityProviderDraft {
  const { client_secret: _, redirect_url: __, ...rest } = config;
  return { name, type, config: rest };
}

export function saveIdentityProvider(id: string | undefined, draft: IdentityProviderDraft): Promise<IdentityProvider> {
  return id === undefined ? send("POST", PATH, draft) : send("PUT", `${PATH}/${id}`, draft);
}

export async function deleteIdentityProvider(id: string): Promise<void> {
  await send("DELETE", `${PATH}/${id}`);
}

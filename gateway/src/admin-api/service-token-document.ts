import { z } from "zod";
import type { ServiceToken, UpdateServiceToken } from "../tokens/service-token.ts";

const instant = z.iso.datetime({ offset: true, error: "must be an instant such as 2026-12-01T00:00:00Z" });
const secretVersion = z.int({ error: "must be a whole number from 1" }).min(1).max(1_000_000_000);

const optionalFields = {
  duration: z.string().nullish(),
  enabled: z.boolean().nullish(),
  client_secret_version: secretVersion.nullish(),
  previous_client_secret_expires_at: instant.nullish(),
};

/** What a token is made from. The previous secret's end is taken and means nothing yet: clients send it with every write. */
export const createBody = z.object({ name: z.string(), ...optionalFields });
export const updateBody = z.object({ name: z.string().nullish(), ...optionalFields });
/** Clients that want the default send nothing, `{}` or null. */
export const rotateBody = z
  .object({
    previous_client_secret_expires_at: instant.nullish(),
    discard_current_client_secret: z.boolean().nullish(),
  })
  .nullish();

/** The change that a body asks for; null is as good as nothing. */
export function updateOf(body: z.output<typeof updateBody>): UpdateServiceToken {
  const { name, duration, enabled, client_secret_version: version, previous_client_secret_expires_at: end } = body;
  return {
    ...(name != null && { name }),
    ...(duration != null && { duration }),
    ...(enabled != null && { isEnabled: enabled }),
    ...(version != null && { secretVersion: version }),
    ...(end != null && { previousSecretExpiresAt: end }),
  };
}

/** A token with Access's field names; `client_secrets` is ours, the current one first. */
export function present(token: ServiceToken & { readonly clientSecret?: string }) {
  const [current, previous] = token.secrets;
  return {
    id: token.id,
    client_id: token.clientId,
    ...(token.clientSecret !== undefined && { client_secret: token.clientSecret }),
    name: token.name,
    duration: token.duration,
    enabled: token.isEnabled,
    expires_at: token.expiresAt,
    created_at: token.createdAt,
    updated_at: token.updatedAt,
    last_seen_at: token.lastSeenAt,
    client_secret_version: current.version,
    previous_client_secret_expires_at: previous?.expiresAt ?? null,
    client_secrets: token.secrets.map((secret) => ({
      version: secret.version,
      created_at: secret.createdAt,
      expires_at: secret.expiresAt,
      last_seen_at: secret.lastSeenAt,
    })),
  };
}

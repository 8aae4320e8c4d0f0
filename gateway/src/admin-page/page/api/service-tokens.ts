import { get, type Listing, list, listAll, send } from "./client.ts";

/** A service token as the admin API gives it. */
export interface ServiceToken {
  readonly id: string;
  readonly client_id: string;
  readonly name: string;
  readonly duration: string;
  readonly enabled: boolean;
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly last_seen_at: string | null;
  readonly client_secret_version: number;
  /** The current secret first, then the previous one while it is kept. */
  readonly client_secrets: readonly SecretVersion[];
}

export interface SecretVersion {
  readonly version: number;
  readonly created_at: string;
  /** Null for the current secret. */
  readonly expires_at: string | null;
  readonly last_seen_at: string | null;
}

/** What create and rotate answer, once. */
export interface ServiceTokenWithSecret extends ServiceToken {
  readonly client_secret: string;
}

const PATH = "/access/service_tokens";

export function listServiceTokens(search: string, page: number, signal: AbortSignal): Promise<Listing<ServiceToken>> {
  return list(PATH, { search, page, per_page: 25 }, signal);
}

/** The first thousand: to call them by their names. */
export function listAllServiceTokens(signal: AbortSignal): Promise<readonly ServiceToken[]> {
  return listAll(PATH, signal);
}

export function readServiceToken(id: string, signal: AbortSignal): Promise<ServiceToken> {
  return get(`${PATH}/${encodeURIComponent(id)}`, {}, signal);
}

export function createServiceToken(token: { name: string; duration: string }): Promise<ServiceTokenWithSecret> {
  return send("POST", PATH, token);
}

export function changeServiceToken(
  id: string,
  changes: { name?: string; duration?: string; enabled?: boolean; previous_client_secret_expires_at?: string },
): Promise<ServiceToken> {
  return send("PUT", `${PATH}/${id}`, changes);
}

/**
 * @param previousEndsAt Null: the old secret stops at once.
 * @param isRetry After a try whose answer got lost: a secret that nobody has then goes, and not the one in use.
 */
export function rotateServiceToken(
  id: string,
  previousEndsAt: string | null,
  isRetry: boolean,
): Promise<ServiceTokenWithSecret> {
  const body = previousEndsAt === null ? {} : { previous_client_secret_expires_at: previousEndsAt };
  return send("POST", `${PATH}/${id}/rotate`, body, isRetry);
}

/** Its full duration again, from now. */
export function refreshServiceToken(id: string): Promise<ServiceToken> {
  return send("POST", `${PATH}/${id}/refresh`);
}

export async function deleteServiceToken(id: string): Promise<void> {
  await send("DELETE", `${PATH}/${id}`);
}

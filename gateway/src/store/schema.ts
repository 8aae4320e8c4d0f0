import type { Generated } from "kysely";

/** The tables. Instants are RFC 3339 in UTC, so that text compares as time on every engine; booleans are 0 and 1. */
export interface Schema {
  service_tokens: ServiceTokenRow;
  service_token_secrets: ServiceTokenSecretRow;
  signing_keys: SigningKeyRow;
  sessions: SessionRow;
  spent_tickets: { id: string; expires_at: string };
  changes: { seq: Generated<number>; kind: string; key: string; at: string };
}

export interface ServiceTokenRow {
  id: string;
  client_id: string;
  name: string;
  is_enabled: number;
  /** Go duration, or `forever`. */
  duration: string;
  /** Null: never. */
  expires_at: string | null;
  created_at: string;
  updated_at: string;
  last_seen_at: string | null;
}

export interface ServiceTokenSecretRow {
  token_id: string;
  version: number;
  /** HMAC-SHA256 with the pepper, hex. */
  hash: string;
  created_at: string;
  /** Null for the current secret; an instant for the previous one. */
  expires_at: string | null;
  last_seen_at: string | null;
}

export interface SigningKeyRow {
  kid: string;
  /** JSON Web Key. */
  public_jwk: string;
  /** PKCS #8, encrypted. */
  sealed_private_key: string;
  created_at: string;
}

export interface SessionRow {
  id: string;
  person_id: string;
  email: string;
  name: string;
  /** The identity provider's id_token, encrypted: it ends the provider's session on logout. */
  sealed_id_token: string;
  created_at: string;
  expires_at: string;
}

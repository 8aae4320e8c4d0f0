import type { Generated } from "kysely";

/**
 * The tables. Instants are RFC 3339 in UTC, so that text compares as time on every engine; booleans are 0 and 1. What the admin
 * API takes and gives as a whole is kept as a whole, in `document`: the checked JSON with Access's field names.
 */
export interface Schema {
  service_tokens: ServiceTokenRow;
  service_token_secrets: ServiceTokenSecretRow;
  /** Hashes of rotated-out secrets, by which their use is recognised. They open nothing. */
  retired_secrets: { token_id: string; version: number; hash: string };
  signing_keys: SigningKeyRow;
  /** One row, whose id is `signing_keys`; none while nobody changed anything. */
  key_settings: { id: string; rotation_interval_days: number };
  sessions: SessionRow;
  people: PersonRow;
  spent_tickets: { id: string; expires_at: string };
  changes: { seq: Generated<number>; kind: string; key: string; at: string };
  applications: DocumentRow & { aud: string };
  /** Reusable ones have no `application_id`; the others belong to one application and go with it. */
  policies: DocumentRow & { application_id: string | null };
  application_policies: { application_id: string; policy_id: string; precedence: number };
  groups: DocumentRow;
  /** The client secret is encrypted. */
  identity_providers: DocumentRow & { sealed_secret: string };
  /** One row, whose id is `organization`. */
  organizations: DocumentRow;
  /** "Not issued before": JWTs of a scope (`application <aud>`) with an earlier `iat` are dead. */
  revocations: { scope: string; not_before_seconds: number };
  api_tokens: ApiTokenRow;
  audit_events: AuditEventRow;
}

export interface DocumentRow {
  id: string;
  document: string;
  created_at: string;
  updated_at: string;
}

export interface ApiTokenRow {
  id: string;
  name: string;
  /** HMAC-SHA256 with the pepper, hex. */
  hash: string;
  /** JSON array. */
  scopes: string;
  created_at: string;
  /** Null: never. */
  expires_at: string | null;
  last_used_at: string | null;
}

export interface AuditEventRow {
  seq: Generated<number>;
  at: string;
  /** `access`: a decision. `change`: something was changed. */
  kind: "access" | "change";
  /** What happened, such as `request.refused` or `service_token.rotated`. */
  event: string;
  /** `person`, `service_token`, `api_token`, `command_line`, `system` or `unknown`. */
  actor_kind: string;
  /** E-mail address, client id or name; empty when unknown. */
  actor: string;
  ip: string;
  /** Empty where no application is concerned. */
  application_id: string;
  application: string;
  is_allowed: number;
  reason: string;
  ray_id: string;
  /** JSON object: more, by event. */
  detail: string;
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
  /** Self-signed X.509, PEM. */
  certificate: string;
  /** Published from the start, used for signing from here on. */
  signs_from: string;
  /** When it is believed no longer. Null for the newest key. */
  expires_at: string | null;
}

export interface SessionRow {
  id: string;
  person_id: string;
  /** Lower case. */
  email: string;
  name: string;
  /** The identity provider's id_token, encrypted: it ends the provider's session on logout. */
  sealed_id_token: string;
  created_at: string;
  expires_at: string;
  /** Of the identity provider that vouched. */
  identity_provider_id: string;
  /** JSON object: the provider's claims that rules may ask for. */
  claims: string;
  ip: string;
  user_agent: string;
}

/** Somebody who logged in at least once; what the latest login said. */
export interface PersonRow {
  id: string;
  email: string;
  name: string;
  identity_provider_id: string;
  ip: string;
  created_at: string;
  last_login_at: string;
}

import type { SessionRow } from "../store/schema.ts";

/** One login of one person in one browser. Its id is the `identity_nonce` of the JWTs made from it. */
export interface Session {
  readonly id: string;
  readonly personId: string;
  /** Lower case. */
  readonly email: string;
  readonly name: string;
  readonly createdAtMs: number;
  /** When the last JWT that was made from it ends, or later. */
  readonly expiresAtMs: number;
  readonly identityProviderId: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Where the login came from. */
  readonly ip: string;
  readonly userAgent: string;
}

export function rowOf(session: Session, sealedIdToken: string): SessionRow {
  return {
    id: session.id,
    person_id: session.personId,
    email: session.email,
    name: session.name,
    sealed_id_token: sealedIdToken,
    created_at: instant(session.createdAtMs),
    expires_at: instant(session.expiresAtMs),
    identity_provider_id: session.identityProviderId,
    claims: JSON.stringify(session.claims),
    ip: session.ip,
    user_agent: session.userAgent,
  };
}

export function sessionOf(row: Omit<SessionRow, "sealed_id_token">): Session {
  return {
    id: row.id,
    personId: row.person_id,
    email: row.email,
    name: row.name,
    createdAtMs: Date.parse(row.created_at),
    expiresAtMs: Date.parse(row.expires_at),
    identityProviderId: row.identity_provider_id,
    claims: JSON.parse(row.claims) as Readonly<Record<string, unknown>>,
    ip: row.ip,
    userAgent: row.user_agent,
  };
}

export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

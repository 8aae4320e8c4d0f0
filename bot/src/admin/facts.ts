import type { AccessStats } from "@gatehouse/access-client";
import type { ApiServiceToken } from "@gatehouse/admin/rotation";

/** What an admin is shown about the bot's service token, gathered at one moment. No secret is part of it. */
export interface AdminFacts {
  readonly nowMs: number;
  /** Undefined where the credentials cannot be read. */
  readonly clientId: string | undefined;
  readonly token: TokenFacts;
  readonly access: AccessStats;
  readonly gateway: Health;
  readonly data: DataHealth;
  readonly rotation: Readiness;
}

/** What the admin API knows of the token. */
export type TokenFacts =
  | { readonly kind: "known"; readonly token: ApiServiceToken }
  | { readonly kind: "unconfigured" }
  | { readonly kind: "unknown"; readonly problem: string };

export type Health =
  | { readonly kind: "up"; readonly elapsedMs: number }
  | { readonly kind: "down"; readonly problem: string }
  /** Nobody refused: there was no answer, or none from which a pass could be had. */
  | { readonly kind: "unreachable"; readonly problem: string }
  | { readonly kind: "not_asked" };

export type DataHealth =
  | Exclude<Health, { kind: "up" }>
  | { readonly kind: "up"; readonly elapsedMs: number; readonly newestEventAt: string | null };

/** Whether the secret can be rotated from here. */
export type Readiness =
  /** `unfinishedSince`: a rotation was begun then, RFC 3339, and not finished. */
  { readonly kind: "ready"; readonly unfinishedSince?: string } | { readonly kind: "off"; readonly why: string };

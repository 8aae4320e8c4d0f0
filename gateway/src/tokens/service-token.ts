/** A service token as an admin sees it. Instants are RFC 3339, UTC. */
export interface ServiceToken {
  /** UUID: what policies name. */
  readonly id: string;
  /** `<32 hex>.access`: what the bot sends. */
  readonly clientId: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Go duration, or `forever`. */
  readonly duration: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Null: never. */
  readonly expiresAt: string | null;
  /** Null: not yet. Written within seconds of use. */
  readonly lastSeenAt: string | null;
  /** The current secret first, then the previous one, live or not. */
  readonly secrets: readonly [ServiceTokenSecret, ...ServiceTokenSecret[]];
}

export interface ServiceTokenSecret {
  /** From 1, growing with each rotation. */
  readonly version: number;
  readonly createdAt: string;
  /** Null for the current secret. */
  readonly expiresAt: string | null;
  readonly lastSeenAt: string | null;
}

/** Create and rotate alone show the secret; it cannot be read again. */
export interface ServiceTokenWithSecret extends ServiceToken {
  readonly clientSecret: string;
}

export interface CreateServiceToken {
  /** 1 to 100 characters; need not be unique. */
  readonly name: string;
  /** Go duration or `forever`. Default `8760h`, a year. */
  readonly duration?: string;
  /** Default true. */
  readonly isEnabled?: boolean;
  /** Number of the first secret. Default 1. */
  readonly secretVersion?: number;
}

/** What is left out stays as it is. */
export interface UpdateServiceToken {
  readonly name?: string;
  /** Its end is counted anew, from now. */
  readonly duration?: string;
  readonly isEnabled?: boolean;
  /** A number above the present one rotates the secret. */
  readonly secretVersion?: number;
  /** Of the secret before the current one, after the rotation that this update may be: later, or past to stop it now. */
  readonly previousSecretExpiresAt?: string;
  /**
   * The current secret reached nobody (its answer was lost): a rotation drops it, and the one before goes on in its place, so
   * that the bot which still holds that one is not cut off. Default false.
   */
  readonly discardsCurrentSecret?: boolean;
  /**
   * The same was asked for a moment ago, and the answer may be lost. If so, for the current secret is new and was never seen, it is
   * discarded as above; also where the number is the one that the current secret has by now. Default false.
   */
  readonly isRepeated?: boolean;
}

export interface RotateServiceToken {
  /** Until when the old secret works too, RFC 3339. Default: it stops at once. */
  readonly previousSecretExpiresAt?: string;
  /**
   * The current secret reached nobody (its answer was lost): a rotation drops it, and the one before goes on in its place, so
   * that the bot which still holds that one is not cut off. Default false.
   */
  readonly discardsCurrentSecret?: boolean;
  /**
   * The same was asked for a moment ago, and the answer may be lost. If so, for the current secret is new and was never seen, it is
   * discarded as above. Default false.
   */
  readonly isRepeated?: boolean;
}

export interface TokenQuery {
  /** Exactly this name. */
  readonly name?: string;
  /** Part of the name, the id or the client id, in any case. */
  readonly search?: string;
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

export interface TokenPage {
  readonly tokens: readonly ServiceToken[];
  /** Of all pages. */
  readonly totalCount: number;
}

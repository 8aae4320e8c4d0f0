/** A service token as the API gives it; what only our gateway tells is optional. Instants are RFC 3339. */
export interface ApiServiceToken {
  readonly id: string;
  readonly client_id: string;
  readonly name: string;
  /** Go duration, or `forever`. */
  readonly duration?: string;
  readonly enabled?: boolean;
  readonly expires_at?: string | null;
  readonly created_at?: string;
  readonly last_seen_at?: string | null;
  readonly client_secret_version?: number;
  readonly previous_client_secret_expires_at?: string | null;
  /** Ours: the current one first. */
  readonly client_secrets?: readonly ApiClientSecret[];
}

export interface ApiClientSecret {
  readonly version: number;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_seen_at: string | null;
}

/** Create and rotate alone show the secret. */
export interface ApiServiceTokenWithSecret extends ApiServiceToken {
  readonly client_secret: string;
}

/** What a service token's owner needs. */
export interface Pair {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Where a secret is handed over, so that nobody has to see it. */
export interface Sink {
  /** In words, without a secret: `file /run/bot.json`. */
  readonly name: string;
  /** Whether a write would work, before anything is changed. @throws {AdminError} `ERR_ADMIN_SINK` */
  check(): Promise<void>;
  /** @throws {AdminError} `ERR_ADMIN_SINK` */
  write(pair: Pair): Promise<void>;
}

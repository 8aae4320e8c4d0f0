/** A service token's two halves. */
export interface Credentials {
  /** `<32 hex>.access` */
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Where the pair comes from. It is read before every exchange, and once more when the gateway refuses the pair, so a
 * source that looks each time follows a rotation by itself.
 */
export interface CredentialSource {
  /** In words, for error messages: `environment`. */
  readonly name: string;
  /** Gives the newest pair. May throw; an `AccessRequestError` is passed on as it is. */
  read(): Credentials | Promise<Credentials>;
  /**
   * Calls back when the pair may have changed, so that a rotation is followed before the old secret is refused. Optional.
   *
   * @returns what ends the watching
   */
  watch?(onChange: () => void): () => void;
}

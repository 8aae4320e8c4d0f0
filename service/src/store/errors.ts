/** Codes of this part, a closed union so that `switch (err.code)` narrows. Listed in docs/errors.md. */
export type StoreErrorCode = "ERR_STORE_UNUSABLE" | "ERR_STORE_UNAVAILABLE";

/** The database's troubles, with what to do about them in `message`. `cause` holds the original error. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

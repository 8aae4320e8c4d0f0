/** Codes of this package, a closed union. Listed in docs/errors.md. */
export type AdminErrorCode =
  | "ERR_ADMIN_API_TOKEN_MISSING"
  | "ERR_ADMIN_ACCOUNT_MISSING"
  | "ERR_ADMIN_API_UNREACHABLE"
  | "ERR_ADMIN_API_ANSWER"
  | "ERR_ADMIN_API_UNAUTHENTICATED"
  | "ERR_ADMIN_API_FORBIDDEN"
  | "ERR_ADMIN_API_REFUSED"
  | "ERR_ADMIN_NOT_FOUND"
  | "ERR_ADMIN_AMBIGUOUS"
  | "ERR_ADMIN_NOT_CONFIRMED"
  | "ERR_ADMIN_SINK"
  | "ERR_ADMIN_PROOF"
  | "ERR_ADMIN_ROTATION"
  | "ERR_ADMIN_JOURNAL"
  | "ERR_ADMIN_USAGE";

/** Why a command could not do its work, with what to do about it in `message`. `cause` holds the original error. */
export class AdminError extends Error {
  override readonly name = "AdminError";
  readonly code: AdminErrorCode;

  constructor(code: AdminErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

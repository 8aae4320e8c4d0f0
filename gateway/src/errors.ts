/** Codes of this package, a closed union so that `switch (err.code)` narrows. Listed in docs/errors.md. */
export type GatewayErrorCode =
  | "ERR_TLS_UNUSABLE"
  | "ERR_SECRET_KEY_MISMATCH"
  | "ERR_KEY_INTERVAL_INVALID"
  | "ERR_TOKEN_NOT_FOUND"
  | "ERR_TOKEN_INVALID"
  | "ERR_TOKEN_IN_USE"
  | "ERR_DURATION_INVALID"
  | "ERR_API_TOKEN_INVALID"
  | "ERR_API_TOKEN_NOT_FOUND"
  | "ERR_APPLICATION_NOT_FOUND"
  | "ERR_APPLICATION_EXISTS"
  | "ERR_POLICY_NOT_FOUND"
  | "ERR_GROUP_NOT_FOUND"
  | "ERR_IDENTITY_PROVIDER_NOT_FOUND"
  | "ERR_RESOURCE_IN_USE"
  | "ERR_RESOURCE_READ_ONLY"
  | "ERR_LOGIN_REFUSED"
  | "ERR_LOGIN_FAILED"
  | "ERR_LOGIN_NO_EMAIL"
  | "ERR_IDENTITY_PROVIDER_UNREACHABLE";

/** The world's mistakes, with what to do about them in `message`. `cause` holds the original error. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: GatewayErrorCode;

  constructor(code: GatewayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

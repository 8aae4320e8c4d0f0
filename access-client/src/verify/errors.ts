import { AccessError, type AccessVerifyErrorCode } from "../errors.ts";

const ADVICE: Readonly<Record<AccessVerifyErrorCode, string>> = {
  ERR_ASSERTION_MISSING: "Reach this app through its Access gateway, never directly.",
  ERR_ASSERTION_DUPLICATE: "Find out who in front of this app adds a second Cf-Access-Jwt-Assertion header.",
  ERR_ASSERTION_MALFORMED: "Find out what in front of this app alters the Cf-Access-Jwt-Assertion header.",
  ERR_ASSERTION_ALGORITHM: "Treat it as a forgery: an Access gateway signs with RS256 only.",
  ERR_ASSERTION_UNKNOWN_KEY: "Check that this app's key set URL is that of the gateway which sent the request.",
  ERR_ASSERTION_SIGNATURE: "Treat it as a forgery, unless the key set URL is another gateway's.",
  ERR_ASSERTION_EXPIRED: "Check the clocks of this machine and the gateway.",
  ERR_ASSERTION_NOT_YET_VALID: "Check the clocks of this machine and the gateway.",
  ERR_ASSERTION_ISSUER: "Check the configured issuer: it must be the team domain's URL, character by character.",
  ERR_ASSERTION_AUDIENCE: "Check the configured audience: it must be the AUD tag of this very application.",
  ERR_ASSERTION_CLAIMS: "Check that the gateway sends an application token, for a bot or a person.",
  ERR_ASSERTION_REVOKED: "Nothing to mend here: this app's own revocation list has the subject.",
  ERR_ASSERTION_REVOCATION_UNKNOWN: "See the cause: the isRevoked function must give true or false, and never throw.",
  ERR_ASSERTION_KEYS_UNAVAILABLE: "Check that this app can reach the gateway's key set URL.",
};

/** Why a request's JWT was not accepted. For logs: an answer to the caller should say no more than that it was refused. */
export class AccessVerifyError extends AccessError {
  override readonly name = "AccessVerifyError";
  readonly code: AccessVerifyErrorCode;
  readonly advice: string;

  constructor(code: AccessVerifyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.advice = ADVICE[code];
  }
}

/**
 * The origin's half: checks the JWT that an Access gateway adds to every request it lets through.
 *
 * @module
 */
export type { AccessVerifyErrorCode } from "../errors.ts";
export type { PersonSubject, ServiceSubject, Subject } from "./claims.ts";
export { AccessVerifyError } from "./errors.ts";
export type { KeyFetch } from "./fetch-keys.ts";
export {
  type AssertedRequest,
  accessMiddleware,
  accessSubject,
  type MiddlewareOptions,
  readAssertion,
} from "./middleware.ts";
export { createVerifier, type Verifier } from "./verifier.ts";
export type { TrustedIssuer, VerifierOptions } from "./verifier-options.ts";

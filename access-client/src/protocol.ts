/**
 * Reads what a gateway answers, for tools that look at one request at a time. Pure; nothing here verifies a signature.
 *
 * @module
 */
export {
  ID_NAMES as CLIENT_ID_NAMES,
  SECRET_NAMES as CLIENT_SECRET_NAMES,
} from "./credentials/parse-credentials.ts";
export { readJwtClaims } from "./jwt-times.ts";
export { type RefusalKind, type ResponseHeaders, readRefusal, refusalKind } from "./refusal.ts";
export { type RefusalDetails, refusalAdvice } from "./request-error.ts";
export { findAuthorization } from "./response-cookie.ts";
export { parseSecureUrl } from "./secure-url.ts";

/**
 * A client for web apps behind Cloudflare Access or the Gatehouse gateway.
 *
 * @module
 */
export {
  type AccessClient,
  type AccessRequestOptions,
  type AccessResponse,
  createAccessClient,
} from "./client.ts";
export { environmentCredentials } from "./credentials/environment.ts";
export type { CredentialSource, Credentials } from "./credentials/source.ts";
export { staticCredentials } from "./credentials/static.ts";
export { type AccessClientErrorCode, AccessError, type AccessErrorCode } from "./errors.ts";
export type { AccessClientOptions } from "./options.ts";
export { AccessRequestError, type RefusalDetails } from "./request-error.ts";
export type { AccessStats, OriginStats } from "./stats.ts";

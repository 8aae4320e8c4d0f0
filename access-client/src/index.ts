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
export { type CallbackCredentialsOptions, callbackCredentials } from "./credentials/callback.ts";
export { environmentCredentials } from "./credentials/environment.ts";
export { type FileCredentialsOptions, fileCredentials } from "./credentials/file.ts";
export type { CredentialSource, Credentials } from "./credentials/source.ts";
export { staticCredentials } from "./credentials/static.ts";
export { type AccessClientErrorCode, AccessError, type AccessErrorCode } from "./errors.ts";
export type { ExpiringNotice } from "./expiry-notices.ts";
export { fileTokenCache } from "./file-token-cache.ts";
export type { AccessClientOptions, OriginOptions } from "./options.ts";
export { AccessRequestError, type RefusalDetails } from "./request-error.ts";
export { type AccessFetch, type AccessInterceptor, accessInterceptor, createAccessFetch } from "./shapes.ts";
export type { AccessStats, OriginStats } from "./stats.ts";
export { CHANNELS, type ExchangeMessage, type RequestMessage, type RotatedNotice } from "./telemetry.ts";
export type { TokenCache } from "./token-cache.ts";
export type { ExpectedAnswer } from "./unusable-answer.ts";

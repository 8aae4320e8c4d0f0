/**
 * Rotating a service token from a program, such as the bot: the API's client, the sink for a client's own credentials file, and the
 * engine. The command line's own parts are not reachable from here.
 *
 * @module
 */
export { type AdminApi, createAdminApi } from "../api/admin-api.ts";
export type { ApiServiceToken } from "../api/service-token.ts";
export { type ApiSettings, placeOfApi } from "../api/settings.ts";
export { AdminError, type AdminErrorCode } from "../errors.ts";
export { relativeTime } from "../output/relative-time.ts";
export { credentialsFileSink } from "../sinks/credentials-file.ts";
export type { Sink } from "../sinks/sink.ts";
export { findToken } from "../tokens/find-token.ts";
export { type Journal, openJournal } from "./journal.ts";
export { proveByRequest } from "./prove.ts";
export { type RotationPlan, rotate } from "./rotate.ts";

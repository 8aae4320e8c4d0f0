import type { IncomingHttpHeaders } from "node:http";
import type { CorsSettings } from "../policies/model.ts";
import type { ClientRequest } from "../proxy/client-message.ts";
import type { RawHeaders } from "../proxy/headers.ts";

/** Field names and methods, separated by commas. */
const TOKENS = /^[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/;
const MAX_REQUESTED_LENGTH = 2_048;
const VARY_PREFLIGHT = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/** Whether a browser asks if a page elsewhere may send something (Fetch standard, "CORS-preflight request"). */
export function isPreflight({ method, headers }: ClientRequest): boolean {
  return method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
}

/** The headers that allow what a preflight asks for; undefined when its origin is not allowed. */
export function preflightHeaders(cors: CorsSettings, headers: IncomingHttpHeaders): RawHeaders | undefined {
  const origin = allowedOrigin(cors, headers.origin);
  if (origin === undefined) return undefined;
  const methods = listed(cors.methods, headers["access-control-request-method"]);
  const allowedHeaders = listed(cors.headers, headers["access-control-request-headers"]);
  const answer = ["access-control-allow-origin", origin, "vary", VARY_PREFLIGHT];
  if (methods !== "") answer.push("access-control-allow-methods", methods);
  if (allowedHeaders !== "") answer.push("access-control-allow-headers", allowedHeaders);
  if (cors.allowsCredentials) answer.push("access-control-allow-credentials", "true");
  if (cors.maxAgeSeconds !== null) answer.push("access-control-max-age", String(cors.maxAgeSeconds));
  return answer;
}

/** The headers that let a page elsewhere read an answer. They stand in for any that the origin sets. */
export function corsHeaders(cors: CorsSettings, requestOrigin: string | undefined): RawHeaders {
  const origin = allowedOrigin(cors, requestOrigin);
  const vary = ["vary", "Origin"];
  if (origin === undefined) return vary;
  const credentials = cors.allowsCredentials ? ["access-control-allow-credentials", "true"] : [];
  return ["access-control-allow-origin", origin, ...credentials, ...vary];
}

/** With credentials `*` means nothing to a browser, so the origin is named; never `null`, which any sandboxed page is. */
function allowedOrigin(cors: CorsSettings, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (cors.origins.includes(origin.toLowerCase()) || cors.origins.includes(origin)) return origin;
  if (!cors.origins.includes("*")) return undefined;
  if (!cors.allowsCredentials) return "*";
  return origin === "null" ? undefined : origin;
}

/** `*` becomes what was asked for: in the answer it would not cover `Authorization`, nor anything with credentials. */
function listed(allowed: readonly string[], requested = ""): string {
  if (!allowed.includes("*")) return allowed.join(", ");
  return requested.length <= MAX_REQUESTED_LENGTH && TOKENS.test(requested) ? requested : "";
}

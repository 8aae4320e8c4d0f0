import { HEADERS } from "./contract.ts";
import type { AccessClientErrorCode } from "./errors.ts";
import { isHtml, isMarked, isRedirect, type ResponseHeaders, readRefusal } from "./refusal.ts";
import { AccessRequestError } from "./request-error.ts";

/** What a caller may ask of the app's good answers. */
export type ExpectedAnswer = "json";

/** Network Authentication Required (RFC 6585, 6): no origin says it, only what stands in between. */
const CAPTIVE_PORTAL_STATUS = 511;
const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json\s*(?:;|$)/i;

/**
 * Whether an answer cannot be that of an Access gateway, which marks each with its ray: a page, or a redirect to another
 * origin, without the mark. Captive portals and filtering proxies answer so. Anything else without a mark may be an app that
 * is asked directly, as in development.
 */
export function isIntercepted(origin: string, status: number, headers: ResponseHeaders): boolean {
  if (status >= 500) return status === CAPTIVE_PORTAL_STATUS;
  if (headers[HEADERS.ray] !== undefined || isMarked(headers)) return false;
  return isRedirect(status) ? isElsewhere(origin, headers.location) : isHtml(headers);
}

function isElsewhere(origin: string, location: string | string[] | undefined): boolean {
  const target = URL.parse(String(location ?? ""), origin);
  return target !== null && target.origin !== origin;
}

export function interceptedError(origin: string, status: number, headers: ResponseHeaders): AccessRequestError {
  const how = isRedirect(status) ? `a redirect to ${URL.parse(String(headers.location), origin)?.origin}` : "a page";
  const message = `Something between here and ${origin} answered in place of the gateway: ${how} (${status}).`;
  return new AccessRequestError("ERR_ACCESS_CAPTIVE_PORTAL", message, { status });
}

/**
 * What is wrong with an answer that is nobody's refusal: not the gateway's at all, or not what the caller expects.
 *
 * @param isRayed whether the gateway is known to mark its answers
 */
export function findFault(
  origin: string,
  status: number,
  headers: ResponseHeaders,
  isRayed: boolean,
  expected: ExpectedAnswer | undefined,
): AccessRequestError | undefined {
  if (isRayed && isIntercepted(origin, status, headers)) return interceptedError(origin, status, headers);
  return expected === "json" ? unexpectedAnswer(origin, status, headers) : undefined;
}

function unexpectedAnswer(origin: string, status: number, headers: ResponseHeaders): AccessRequestError | undefined {
  const type = String(headers["content-type"] ?? "");
  const isBodiless = status === 204 || status === 205;
  if (status < 200 || status > 299 || isBodiless || JSON_TYPE.test(type)) return undefined;
  const [code, what]: [AccessClientErrorCode, string] = isHtml(headers)
    ? ["ERR_ACCESS_UNEXPECTED_HTML", "an HTML page"]
    : ["ERR_ACCESS_UNEXPECTED_TYPE", type === "" ? "a body of no stated type" : type.slice(0, 100)];
  const message = `The app of ${origin} answered with ${what} where JSON was expected (${status}).`;
  return new AccessRequestError(code, message, readRefusal(status, headers, ""));
}

/** Codes of a connection that ends within a body: closed, reset, or shorter than it said. */
const CUT_CODE = /^(?:UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|ECONNRESET|EPIPE|HPE_\w+)$/;

/** A connection's end within an answer as a typed error; any other error as it is. */
export function truncatedError(origin: string, error: Error): Error {
  if (!CUT_CODE.test(String((error as NodeJS.ErrnoException).code))) return error;
  const message = `The answer of ${origin} broke off before its end.`;
  return new AccessRequestError("ERR_ACCESS_BODY_TRUNCATED", message, { cause: error });
}

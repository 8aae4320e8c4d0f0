import { HEADERS } from "../contract.ts";
import type { Subject } from "./claims.ts";
import { AccessVerifyError } from "./errors.ts";
import type { Verifier } from "./verifier.ts";

/** The part of a Node or Express request that is read. */
export interface AssertedRequest {
  /** Name, value, name, value, as received: a duplicate shows here even where Node joins or drops it. */
  readonly rawHeaders: readonly string[];
}

/** The part of a Node or Express response that a refusal is written to. */
export interface RefusableResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

export interface MiddlewareOptions<Request extends AssertedRequest> {
  /** Called with the exact reason before the bland refusal is sent: the place to log it. */
  readonly onRefused?: (error: AccessVerifyError, request: Request) => void;
  /** An id for support, repeated in the refusal's body. */
  readonly requestId?: (request: Request) => string | undefined;
}

const subjects = new WeakMap<object, Subject>();

/**
 * Express middleware (5 or 4, or plain Node handlers) that lets a request pass only with one valid
 * `Cf-Access-Jwt-Assertion`; no other header and no cookie counts. Refusals: 401, or 503 while the keys or `isRevoked`
 * fail, with `{ error: { code, message, requestId? } }`. Downstream, `accessSubject(request)` says who asks.
 */
export function accessMiddleware<Request extends AssertedRequest>(
  verifier: Verifier,
  options: MiddlewareOptions<Request> = {},
) {
  async function admit(request: Request, response: RefusableResponse): Promise<boolean> {
    try {
      subjects.set(request, await verifier.verify(readAssertion(request.rawHeaders)));
      return true;
    } catch (error) {
      if (!(error instanceof AccessVerifyError)) throw error;
      options.onRefused?.(error, request);
      refuse(response, error, options.requestId?.(request));
      return false;
    }
  }

  return async (request: Request, response: RefusableResponse, next: (error?: unknown) => void): Promise<void> => {
    try {
      if (!(await admit(request, response))) return;
    } catch (cause) {
      // `next(undefined)` and `next("route")` would let the request pass: only an error stops it.
      const isError = cause instanceof Error;
      return next(
        isError ? cause : new TypeError("accessMiddleware: something other than an error was thrown.", { cause }),
      );
    }
    next();
  };
}

/**
 * Who makes this request.
 *
 * @throws {TypeError} when the request did not pass `accessMiddleware`
 */
export function accessSubject(request: object): Subject {
  const subject = subjects.get(request);
  if (subject === undefined) throw new TypeError("accessSubject: this request did not pass accessMiddleware.");
  return subject;
}

/**
 * The one assertion among a request's raw headers.
 *
 * @throws {AccessVerifyError} `ERR_ASSERTION_MISSING`, `ERR_ASSERTION_DUPLICATE`
 */
export function readAssertion(rawHeaders: readonly string[]): string {
  const values = rawHeaders.filter(
    (_, index) => rawHeaders[index - 1]?.toLowerCase() === HEADERS.assertion && index % 2,
  );
  const [value, ...others] = values;
  if (others.length > 0)
    throw new AccessVerifyError("ERR_ASSERTION_DUPLICATE", "There is more than one assertion header.");
  if (!value) throw new AccessVerifyError("ERR_ASSERTION_MISSING", "There is no Cf-Access-Jwt-Assertion header.");
  return value;
}

function refuse(response: RefusableResponse, { code }: AccessVerifyError, requestId?: string): void {
  const isOurs = code === "ERR_ASSERTION_KEYS_UNAVAILABLE" || code === "ERR_ASSERTION_REVOCATION_UNKNOWN";
  const error = isOurs
    ? { code: "ERR_UNAVAILABLE", message: "Access cannot be checked at the moment. Try again in a minute." }
    : { code: "ERR_UNAUTHORIZED", message: "This needs a valid Access token. Reach it through its Access gateway." };
  response.statusCode = isOurs ? 503 : 401;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.setHeader("cache-control", "no-store");
  response.end(JSON.stringify({ error: requestId === undefined ? error : { ...error, requestId } }));
}

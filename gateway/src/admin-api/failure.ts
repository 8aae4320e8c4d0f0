import { StoreError } from "@gatehouse/service/store";
import { z } from "zod";
import { GatewayError, type GatewayErrorCode } from "../errors.ts";
import { ApiError } from "./api-error.ts";
import type { ResponseInfo } from "./envelope.ts";

/** How an error is answered. */
export interface Failure {
  readonly status: number;
  readonly errors: readonly ResponseInfo[];
  /** Ours, not the caller's: goes into the log, and says nothing outside. */
  readonly isUnexpected: boolean;
}

/** Cloudflare's numbers, where they are known. */
export const API_CODES = {
  authentication: 10_000,
  unauthorized: 9_109,
  invalidApiToken: 1_000,
  noSuchPath: 7_003,
  methodNotAllowed: 10_405,
  invalidRequest: 12_130,
  notFound: 12_131,
  applicationExists: 12_136,
  serviceTokenInUse: 12_139,
  rateLimited: 10_429,
  unreadableBody: 6_003,
  unexpected: 10_001,
  unavailable: 10_503,
} as const;

const INVALID_REQUEST = "access.api.error.invalid_request";

interface KnownError {
  readonly status: number;
  readonly code: number;
  readonly word: string;
}

const INVALID: KnownError = { status: 400, code: API_CODES.invalidRequest, word: INVALID_REQUEST };

const GATEWAY_ERRORS: Readonly<Partial<Record<GatewayErrorCode, KnownError>>> = {
  ERR_TOKEN_INVALID: INVALID,
  ERR_DURATION_INVALID: INVALID,
  ERR_API_TOKEN_INVALID: INVALID,
  ERR_KEY_INTERVAL_INVALID: INVALID,
  ERR_TOKEN_IN_USE: {
    status: 400,
    code: API_CODES.serviceTokenInUse,
    word: "access.api.error.service_token_in_use",
  },
  ERR_RESOURCE_IN_USE: INVALID,
  ERR_RESOURCE_READ_ONLY: INVALID,
  ERR_APPLICATION_EXISTS: {
    status: 400,
    code: API_CODES.applicationExists,
    word: "access.api.error.application_already_exists",
  },
  ERR_APPLICATION_NOT_FOUND: notFound("application"),
  ERR_POLICY_NOT_FOUND: notFound("policy"),
  ERR_GROUP_NOT_FOUND: notFound("group"),
  ERR_IDENTITY_PROVIDER_NOT_FOUND: notFound("identity_provider"),
  ERR_TOKEN_NOT_FOUND: notFound("service_token"),
};

function notFound(kind: string): KnownError {
  return { status: 404, code: API_CODES.notFound, word: `access.api.error.${kind}_not_found` };
}

/** The answer to anything that a call threw. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) return expected(error.status, [infoOf(error.code, error.message, error.pointer)]);
  if (error instanceof z.ZodError) return expected(400, error.issues.map(infoOfIssue));
  if (error instanceof StoreError) return UNAVAILABLE;
  if (error instanceof GatewayError) return ofGatewayError(error);
  // What express and its body-parser refuse: a path that cannot be decoded, a body that cannot be read.
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (typeof status === "number" && (error instanceof URIError || String(type) in BODY_PROBLEMS)) {
    const message = BODY_PROBLEMS[String(type)] ?? "The address cannot be read: it holds a broken escape.";
    return expected(status, [infoOf(API_CODES.unreadableBody, message)]);
  }
  return unexpected();
}

/** What body-parser calls its errors (https://github.com/expressjs/body-parser#errors). */
const BODY_PROBLEMS: Readonly<Record<string, string>> = {
  "entity.parse.failed": "The body is not readable JSON.",
  "entity.too.large": "The body is too large: the limit is 1 MiB.",
  "charset.unsupported": "The body must be UTF-8.",
  "encoding.unsupported": "The body's Content-Encoding is not supported: send it plain, or as gzip.",
  "request.aborted": "The body broke off.",
  "request.size.invalid": "The body is not as long as its Content-Length says.",
};

const NO_ANSWER = "The gateway's database does not answer: try again in a moment.";
const UNAVAILABLE: Failure = { status: 503, errors: [infoOf(API_CODES.unavailable, NO_ANSWER)], isUnexpected: true };

function ofGatewayError({ code, message }: GatewayError): Failure {
  const known = GATEWAY_ERRORS[code];
  return known === undefined ? unexpected() : expected(known.status, [infoOf(known.code, `${known.word}: ${message}`)]);
}

function infoOfIssue({ path, message }: z.core.$ZodIssue): ResponseInfo {
  const pointer = path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  const place = path.length === 0 ? "" : `${path.join(".")}: `;
  return infoOf(API_CODES.invalidRequest, `${INVALID_REQUEST}: ${place}${message}`, pointer);
}

function infoOf(code: number, message: string, pointer?: string): ResponseInfo {
  return pointer === undefined ? { code, message } : { code, message, source: { pointer } };
}

function expected(status: number, errors: readonly ResponseInfo[]): Failure {
  return { status, errors, isUnexpected: false };
}

function unexpected(): Failure {
  const message = "Something went wrong in the gateway; its log says what, under the Cf-Ray of this answer.";
  return { status: 500, errors: [infoOf(API_CODES.unexpected, message)], isUnexpected: true };
}

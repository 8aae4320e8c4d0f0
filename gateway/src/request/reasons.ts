import type { RefusalReason } from "@gatehouse/access-client/contract";

export interface ReasonText {
  readonly status: number;
  /** For a program's developer: one sentence with what to do. */
  readonly message: string;
}

const PAIR = "send CF-Access-Client-Id and CF-Access-Client-Secret";

/** What each reason is outside: status and advice, and no more than the caller may know. */
export const REASONS: Readonly<Record<RefusalReason, ReasonText>> = {
  bad_request: {
    status: 400,
    message: "The request is not one that can be judged safely: check its target and headers.",
  },
  headers_too_large: {
    status: 431,
    message:
      "The target and the headers together are too long, or there are too many headers: send fewer, or shorter ones.",
  },
  no_application: { status: 403, message: "No application is served at this address: check the host and the path." },
  no_credential: { status: 401, message: `This application needs a service token or a login: ${PAIR}.` },
  ambiguous_credential: {
    status: 401,
    message: `The request carries more than one credential: ${PAIR} once each, and nothing else.`,
  },
  incomplete_credential: { status: 401, message: `The request carries half a credential: ${PAIR}, both not empty.` },
  service_token_unknown: {
    status: 401,
    message: "The Client ID or the Client Secret is not right: ask an admin for the token's present pair.",
  },
  service_token_secret_mismatch: {
    status: 401,
    message: "The Client ID or the Client Secret is not right: ask an admin for the token's present pair.",
  },
  service_token_disabled: { status: 401, message: "The service token is disabled: ask an admin to enable it." },
  service_token_expired: { status: 401, message: "The service token has expired: ask an admin for a new one." },
  service_token_needs_service_auth: {
    status: 403,
    message:
      "The service token is good, but no policy of this application admits service tokens: an admin must add one with decision non_identity (Service Auth).",
  },
  token_malformed: { status: 401, message: `The JWT cannot be read: ${PAIR} to get a new one.` },
  token_signature: { status: 401, message: `The JWT was not signed by this gateway: ${PAIR} to get one.` },
  token_expired: { status: 401, message: `The JWT has expired: ${PAIR} to get a new one.` },
  token_wrong_audience: { status: 401, message: `The JWT is for another application: ${PAIR} to get one for this.` },
  token_revoked: { status: 401, message: `The JWT was revoked: ${PAIR} to get a new one.` },
  session_unknown: { status: 401, message: "The login has ended: log in again." },
  pair_required: {
    status: 401,
    message: `This gateway takes no JWT in place of a service token's pair: ${PAIR} with every request.`,
  },
  too_many_failures: {
    status: 429,
    message: "This credential was refused, and so were too many before it: check it, and wait before the next try.",
  },
  too_many_open_requests: {
    status: 429,
    message: "Too many requests from your address wait for their answers: send the next when some are done.",
  },
  preflight_refused: {
    status: 403,
    message:
      "A browser's preflight carries no credential, and this application does not answer it: an admin may set cors_headers or options_preflight_bypass.",
  },
  policy_denied: {
    status: 403,
    message: "A policy of this application keeps you out: ask its admin if that is not meant.",
  },
  no_policy_matched: { status: 403, message: "No policy of this application lets you in: ask its admin to add one." },
  origin_unreachable: {
    status: 503,
    message: "The application behind the gateway cannot be reached: try again in a moment.",
  },
  origin_timeout: {
    status: 504,
    message: "The application behind the gateway did not answer in time: try again in a moment.",
  },
  origin_failed: { status: 502, message: "The application behind the gateway broke off: try again in a moment." },
  store_unavailable: { status: 503, message: "The gateway cannot check credentials at the moment: try again shortly." },
  overloaded: { status: 503, message: "The gateway has too much to do at the moment: try again shortly." },
};

/** The short, stable word for a status in `RefusalBody.error`. */
export const ERROR_WORDS: Readonly<Record<number, string>> = {
  400: "bad_request",
  401: "unauthorized",
  403: "forbidden",
  408: "request_timeout",
  429: "too_many_requests",
  431: "request_header_fields_too_large",
  502: "bad_gateway",
  503: "unavailable",
  504: "gateway_timeout",
};

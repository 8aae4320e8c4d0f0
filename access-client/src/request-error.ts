import type { RefusalReason } from "./contract.ts";
import { type AccessClientErrorCode, AccessError } from "./errors.ts";

/** What the gateway said about a refusal, as far as it said it. */
export interface RefusalDetails {
  /** HTTP status of the refusal. */
  readonly status: number;
  /** The gateway's reason, where it gives one (ours does; the vendor's seldom). */
  readonly reason?: RefusalReason;
  /** The request's id, for the gateway's operator. */
  readonly rayId?: string;
  /** Audience tag of the application that refused. */
  readonly aud?: string;
}

export interface RequestErrorOptions extends ErrorOptions, Partial<RefusalDetails> {
  /** What was asked for, without its query: for the advice. */
  readonly path?: string;
}

const ADVICE: Readonly<Record<AccessClientErrorCode, string>> = {
  ERR_ACCESS_UNAUTHENTICATED: "Check the client id and secret: they may be mistyped, rotated, expired or revoked.",
  ERR_ACCESS_FORBIDDEN:
    "The token is valid, but no policy admits it to {path}: ask an admin for a Service Auth policy.",
  ERR_ACCESS_LOGIN_REDIRECT: "Check the client id and secret, and that the policy's action is Service Auth, not Allow.",
  ERR_ACCESS_LOGIN_PAGE: "Check the client id and secret, and that no proxy in between follows redirects.",
  ERR_ACCESS_CAPTIVE_PORTAL: "Log in to the network or mend the proxy; or the origin is not behind an Access gateway.",
  ERR_ACCESS_UNEXPECTED_HTML: "Check the path: apps answer with a page where they have no such API.",
  ERR_ACCESS_UNEXPECTED_TYPE: "Check the path and its Accept header, or request it without expect.",
  ERR_ACCESS_BODY_TRUNCATED: "Try again: the connection broke off, and what came of the answer is not all of it.",
  ERR_ACCESS_ORIGIN_NOT_ALLOWED: "Send only to the origins that the client was created with.",
  ERR_ACCESS_REDIRECT_REFUSED: "Request the other origin yourself, without these credentials, if you trust it.",
  ERR_ACCESS_CREDENTIALS_MISSING: "Set CLOUDFLARE_ACCESS_CLIENT_ID and CLOUDFLARE_ACCESS_CLIENT_SECRET.",
  ERR_ACCESS_CREDENTIALS_UNREADABLE: "Make the source of the credentials readable, each value being one line of text.",
  ERR_ACCESS_EXCHANGE_FAILED: "Check that the gateway can be reached, and try again.",
  ERR_ACCESS_TIMEOUT: "Check that the gateway can be reached, or raise timeoutMs.",
  ERR_ACCESS_CLOSED: "Create a new client: this one was closed.",
};

/** What a reason calls for, where it is more than the code's advice. */
const REASON_ADVICE: Partial<Readonly<Record<RefusalReason, string>>> = {
  service_token_unknown: "Check the client id: the gateway knows no such service token.",
  service_token_secret_mismatch: "Check the client secret: it is not, or no longer, the one of this service token.",
  service_token_disabled: "Ask an admin to enable the service token.",
  service_token_expired: "Ask an admin to refresh or replace the service token.",
  service_token_needs_service_auth: "Ask an admin to change the policy's action from Allow to Service Auth.",
  token_revoked: "Check that the service token is still enabled: its JWT was revoked.",
  too_many_failures: "Check the client secret, and wait a minute: the gateway counted too many failures.",
  policy_denied: "Ask an admin which Block policy of the application applies to this service token or address.",
  token_wrong_audience: "Use one client per Access application: its JWT is of no use to another.",
};

/** What to do about a refusal for this reason, where there is more to say than the status does. */
export function refusalAdvice(reason: RefusalReason | undefined): string | undefined {
  return reason && REASON_ADVICE[reason];
}

/** A request that could not be made, or that the gateway refused. */
export class AccessRequestError extends AccessError implements Partial<RefusalDetails> {
  override readonly name = "AccessRequestError";
  readonly code: AccessClientErrorCode;
  readonly advice: string;
  // Declared, not defined: what the gateway did not say is not there, in a log neither.
  declare readonly status?: number;
  declare readonly reason?: RefusalReason;
  declare readonly rayId?: string;
  declare readonly aud?: string;

  constructor(code: AccessClientErrorCode, message: string, options: RequestErrorOptions = {}) {
    const { status, reason, rayId, aud, path = "this path", ...errorOptions } = options;
    super(message, errorOptions);
    this.code = code;
    this.advice = (refusalAdvice(reason) ?? ADVICE[code]).replace("{path}", path);
    if (status !== undefined) this.status = status;
    if (reason !== undefined) this.reason = reason;
    if (rayId !== undefined) this.rayId = rayId;
    if (aud !== undefined) this.aud = aud;
  }
}

import { AdminError, type AdminErrorCode } from "../errors.ts";

/** What every answer of the API is wrapped in. */
interface Envelope {
  readonly success: boolean;
  readonly errors?: readonly { readonly code?: number; readonly message?: string }[];
  readonly result: unknown;
}

/**
 * Takes an answer out of its envelope.
 *
 * @param what the call, for the message: `GET /access/service_tokens`
 * @throws {AdminError} `ERR_ADMIN_API_*`, `ERR_ADMIN_NOT_FOUND`
 */
export function unwrap(what: string, status: number, text: string): unknown {
  const envelope = parse(text);
  if (envelope === undefined && status >= 502 && status <= 504) {
    throw new AdminError(
      "ERR_ADMIN_API_UNREACHABLE",
      `${what}: the API is not available (${status}). Try again later.`,
    );
  }
  if (envelope === undefined) {
    const message = `${what} was answered with ${status} and no JSON of the API: check --api.`;
    throw new AdminError("ERR_ADMIN_API_ANSWER", message);
  }
  if (status < 300 && envelope.success) return envelope.result;
  const reasons = (envelope.errors ?? []).map(({ message, code }) =>
    [message, code && `(${code})`].filter(Boolean).join(" "),
  );
  const message = `${what} was refused (${status}): ${reasons.join("; ") || "no reason given"}${adviceFor(status)}`;
  throw new AdminError(codeFor(status, envelope), message);
}

function parse(text: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "success" in value ? (value as Envelope) : undefined;
  } catch {
    return undefined;
  }
}

/** Cloudflare's for an API token that it does not know (it comes with 400, 401 or 403), and for one that lacks a permission. */
const UNAUTHORIZED = 9109;
const UNKNOWN_TOKEN = /invalid access token/i;

function codeFor(status: number, { errors }: Envelope): AdminErrorCode {
  if (status === 401 || errors?.some(({ code, message = "" }) => code === UNAUTHORIZED && UNKNOWN_TOKEN.test(message)))
    return "ERR_ADMIN_API_UNAUTHENTICATED";
  if (status === 403) return "ERR_ADMIN_API_FORBIDDEN";
  // What failed may have been done all the same, as where no answer came.
  if (status >= 500) return "ERR_ADMIN_API_UNREACHABLE";
  return status === 404 ? "ERR_ADMIN_NOT_FOUND" : "ERR_ADMIN_API_REFUSED";
}

function adviceFor(status: number): string {
  if (status === 401) return " Check the API token.";
  return status === 403 ? " The API token lacks a permission for this." : "";
}

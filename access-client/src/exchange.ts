import type { Dispatcher } from "undici";
import { HEADERS } from "./contract.ts";
import type { Grant } from "./grant.ts";
import { readJwtTimes } from "./jwt-times.ts";
import { AccessToken, type ServicePair } from "./pass.ts";
import { type RefusalKind, type ResponseHeaders, readRefusal, refusalError, refusalKind } from "./refusal.ts";
import { AccessRequestError } from "./request-error.ts";
import { findAuthorization } from "./response-cookie.ts";
import { planTokenLife } from "./token-life.ts";

export interface ExchangeDeps {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface ExchangeResult {
  readonly grant: Grant;
  /** When the service token itself ends, RFC 3339, where the gateway says so. */
  readonly credentialExpiresAt?: string;
}

/** A server that gave no JWT is asked again after this time: it may have been set to exchange since. */
const STRICT_LIFE_MS = 10 * 60_000;
const STRICT_WINDOW_MS = 60_000;
/** A refusal's JSON is under 1 KiB; anything near this is a page. */
export const MAX_REFUSAL_BYTES = 64 * 1024;

/**
 * One exchange: `HEAD path` with the pair, and the JWT out of the answer's `CF_Authorization` cookie. What the app answers
 * does not matter. An answer without the cookie that is no refusal comes from a strict server: the pair is the pass.
 *
 * @throws {AccessRequestError} a refusal's code, or `ERR_ACCESS_EXCHANGE_FAILED` with the network's error as `cause`
 */
export async function exchange(
  deps: ExchangeDeps,
  pair: ServicePair,
  path: string,
  signal: AbortSignal,
): Promise<ExchangeResult> {
  const sentAtMs = deps.now();
  const { statusCode, headers } = await ask(deps, "HEAD", pair, path, signal);
  const kind = refusalKind(statusCode, headers);
  if (kind !== undefined) throw await explain(deps, kind, { statusCode, headers }, pair, path, signal);
  const jwt = findAuthorization(headers["set-cookie"]);
  if (jwt === undefined && (statusCode >= 500 || statusCode === 429)) throw failed(deps, { status: statusCode });
  const grant = toGrant(jwt, pair, deps, String(headers.date ?? ""), sentAtMs);
  const credentialExpiresAt = headers[HEADERS.tokenExpiresAt];
  return typeof credentialExpiresAt === "string" ? { grant, credentialExpiresAt } : { grant };
}

function toGrant(
  jwt: string | undefined,
  pair: ServicePair,
  { now, random }: ExchangeDeps,
  date: string,
  sentAtMs: number,
): Grant {
  const times = jwt === undefined ? undefined : readJwtTimes(jwt);
  if (jwt === undefined || times === undefined) {
    const deadAtMs = now() + STRICT_LIFE_MS;
    return { pass: pair, pair, isProven: true, deadAtMs, staleAtMs: deadAtMs - STRICT_WINDOW_MS };
  }
  return { pass: new AccessToken(jwt), pair, isProven: false, ...planTokenLife(times, date, sentAtMs, random()) };
}

interface Answer {
  readonly statusCode: number;
  readonly headers: ResponseHeaders;
}

/** A refused HEAD has no body, so its reason is asked for with a GET, which the gateway refuses as well. */
async function explain(
  deps: ExchangeDeps,
  kind: RefusalKind,
  { statusCode, headers }: Answer,
  pair: ServicePair,
  path: string,
  signal: AbortSignal,
): Promise<AccessRequestError> {
  const hasReason = kind === "unauthenticated" || kind === "forbidden";
  const body = hasReason ? await askWhy(deps, pair, path, signal) : "";
  return refusalError(kind, deps.origin, readRefusal(statusCode, headers, body));
}

async function askWhy(deps: ExchangeDeps, pair: ServicePair, path: string, signal: AbortSignal): Promise<string> {
  try {
    const { statusCode, headers, body } = await ask(deps, "GET", pair, path, signal);
    if (refusalKind(statusCode, headers) !== undefined) return await readCapped(body);
    body.destroy();
    return "";
  } catch {
    return "";
  }
}

async function readCapped(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_REFUSAL_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function ask(deps: ExchangeDeps, method: "HEAD" | "GET", pair: ServicePair, path: string, signal: AbortSignal) {
  const headers: Record<string, string> = { accept: "application/json" };
  pair.addTo(headers);
  try {
    const request = { origin: deps.origin, path, method, headers, signal, maxRedirections: 0 };
    return await deps.dispatcher.request(request);
  } catch (cause) {
    throw failed(deps, { cause });
  }
}

function failed({ origin }: ExchangeDeps, options: { cause?: unknown; status?: number }): AccessRequestError {
  const how = options.status === undefined ? "cannot be reached" : `answered ${options.status}`;
  const message = `The credentials could not be exchanged: the gateway of ${origin} ${how}.`;
  return new AccessRequestError("ERR_ACCESS_EXCHANGE_FAILED", message, options);
}

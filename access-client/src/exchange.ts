import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { HEADERS } from "./contract.ts";
import type { Grant } from "./grant.ts";
import { readJwtTimes } from "./jwt-times.ts";
import { AccessToken, type ServicePair } from "./pass.ts";
import { type ResponseHeaders, readRefusal, refusalError, refusalKind } from "./refusal.ts";
import { AccessRequestError } from "./request-error.ts";
import { findAuthorization } from "./response-cookie.ts";
import { planTokenLife } from "./token-life.ts";
import { interceptedError, isIntercepted } from "./unusable-answer.ts";

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
 * One exchange: `GET path` with the pair, and the JWT out of the answer's `CF_Authorization` cookie. What the app answers
 * does not matter and is not read; a GET, because apps that stream leave a HEAD without an answer. An answer without the
 * cookie that is no refusal comes from a strict server: the pair is the pass.
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
  const { statusCode: status, headers, body } = await send(deps, pair, path, signal);
  await refuseFaults(deps, path, status, headers, body);
  const jwt = findAuthorization(headers["set-cookie"]);
  if (jwt === undefined) refuseStrangers(deps, status, headers);
  const isRayed = headers[HEADERS.ray] !== undefined;
  const grant = { ...toGrant(jwt, pair, deps, String(headers.date ?? ""), sentAtMs), isRayed };
  const credentialExpiresAt = headers[HEADERS.tokenExpiresAt];
  return typeof credentialExpiresAt === "string" ? { grant, credentialExpiresAt } : { grant };
}

/** The gateway's refusals; any other body is left unread. */
async function refuseFaults(
  { origin }: ExchangeDeps,
  path: string,
  status: number,
  headers: ResponseHeaders,
  body: Readable,
): Promise<void> {
  const kind = refusalKind(status, headers);
  if (kind === undefined) discard(body);
  else throw refusalError(kind, origin, path, readRefusal(status, headers, await readCapped(body)));
}

/** An answer without a JWT may be a strict server's, but not every such answer is. */
function refuseStrangers(deps: ExchangeDeps, status: number, headers: ResponseHeaders): void {
  if (isIntercepted(deps.origin, status, headers)) throw interceptedError(deps.origin, status, headers);
  if (status >= 500 || status === 429) throw failed(deps, { status });
}

/** A JWT that is none, or that is over by the server's own clock, is not used: the pair goes along in its place. */
function toGrant(
  jwt: string | undefined,
  pair: ServicePair,
  { now, random }: ExchangeDeps,
  date: string,
  sentAtMs: number,
): Omit<Grant, "isRayed"> {
  const times = readJwtTimes(jwt ?? "");
  const life = times && planTokenLife(times, date, sentAtMs, random());
  if (jwt !== undefined && life !== undefined && life.deadAtMs > sentAtMs) {
    return { pass: new AccessToken(jwt), pair, isProven: false, ...life };
  }
  const deadAtMs = now() + STRICT_LIFE_MS;
  return { pass: pair, pair, isProven: true, deadAtMs, staleAtMs: deadAtMs - STRICT_WINDOW_MS };
}

async function send(deps: ExchangeDeps, pair: ServicePair, path: string, signal: AbortSignal) {
  const headers: Record<string, string> = { accept: "application/json" };
  pair.addTo(headers);
  try {
    // Its connection is not used again, for the rest of the answer is left unread.
    const request = { origin: deps.origin, path, method: "GET", headers, signal, maxRedirections: 0, reset: true };
    return await deps.dispatcher.request(request);
  } catch (cause) {
    throw failed(deps, { cause });
  }
}

/** An unread body that is destroyed reports that it was cut, which is what is wanted. */
function discard(body: Readable): void {
  body.on("error", () => undefined).destroy();
}

/** As much of a refusal as is worth reading; a body that breaks off still has a status that tells enough. */
async function readCapped(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_REFUSAL_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    // What came before is used.
  }
  return Buffer.concat(chunks).toString("utf8");
}

function failed({ origin }: ExchangeDeps, options: { cause?: unknown; status?: number }): AccessRequestError {
  const code = (options.cause as NodeJS.ErrnoException | undefined)?.code ?? "no connection";
  const how = options.status === undefined ? `cannot be reached (${code})` : `answered ${options.status}`;
  const message = `The credentials could not be exchanged: the gateway of ${origin} ${how}.`;
  return new AccessRequestError("ERR_ACCESS_EXCHANGE_FAILED", message, options);
}

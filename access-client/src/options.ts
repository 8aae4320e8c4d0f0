import type { Dispatcher } from "undici";
import { environmentCredentials } from "./credentials/environment.ts";
import type { CredentialSource } from "./credentials/source.ts";
import type { ExpiringNotice } from "./expiry-notices.ts";
import { parseSecureUrl } from "./secure-url.ts";
import type { RotatedNotice } from "./telemetry.ts";
import type { TokenCache } from "./token-cache.ts";
import type { ExpectedAnswer } from "./unusable-answer.ts";

/** What may differ from origin to origin. What is left out is the client's. */
export interface OriginOptions {
  readonly origin: string | URL;
  readonly credentials?: CredentialSource;
  readonly exchangePath?: string;
  readonly tokenHeader?: string;
}

export interface AccessClientOptions {
  /**
   * The app behind the gateway, `https://stats.example.com`; or several, which share one service token or name their own.
   * Credentials go nowhere else. https, except to this machine.
   */
  readonly origin: string | URL | OriginOptions | readonly (string | URL | OriginOptions)[];
  /** Default: `environmentCredentials()`. */
  readonly credentials?: CredentialSource;
  /**
   * Name of the one header that carries the pair as JSON, for applications with `read_service_tokens_from_header`.
   * Default: the two headers of Access.
   */
  readonly tokenHeader?: string;
  /** Keeps JWTs beyond this process: `fileTokenCache(path)`, or your own. Default: none. */
  readonly tokenCache?: TokenCache;
  /** Told once when 30, 7 and 1 days are left of the service token itself, where the gateway says when it ends. */
  readonly onExpiring?: (notice: ExpiringNotice) => void;
  /** Told when another pair than before was exchanged and is in use. */
  readonly onRotated?: (notice: RotatedNotice) => void;
  /**
   * For one exchange, and, in the default pools, for a connection, a response's head and a pause in its body. 1 to 600,000.
   * Default 30,000.
   */
  readonly timeoutMs?: number;
  /**
   * Where the pair is exchanged, by a GET whose answer is not read. Default: the path of the request that first needs a
   * token. Set it to something cheap, such as `/healthz`; it must belong to the same Access application.
   */
  readonly exchangePath?: string;
  /**
   * `json`: a 2xx answer of the app that is anything else is a typed error, before its body. Also per request. Default: the
   * app may answer with what it likes.
   */
  readonly expect?: ExpectedAnswer;
  /** The undici dispatcher to send through; the caller closes it. Default: one pool per origin, closed with the client. */
  readonly dispatcher?: Dispatcher;
  /** Connections per origin of the default pools. 1 to 1,024. Default 64. */
  readonly connections?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** From 0 to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
}

interface CheckedOrigin {
  readonly origin: string;
  readonly credentials: CredentialSource;
  readonly exchangePath: string | undefined;
  readonly tokenHeader: string | undefined;
}

export interface CheckedOptions {
  readonly origins: readonly CheckedOrigin[];
  readonly onExpiring: ((notice: ExpiringNotice) => void) | undefined;
  readonly onRotated: ((notice: RotatedNotice) => void) | undefined;
  readonly tokenCache: TokenCache | undefined;
  readonly timeoutMs: number;
  readonly expect: ExpectedAnswer | undefined;
  readonly dispatcher: Dispatcher | undefined;
  readonly connections: number;
  readonly now: () => number;
  readonly random: () => number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 600_000;
const DEFAULT_CONNECTIONS = 64;
const MAX_CONNECTIONS = 1_024;

/**
 * Checks the options once, and fills in defaults.
 *
 * @throws {TypeError} on the first impossible one
 */
export function checkOptions(options: AccessClientOptions): CheckedOptions {
  const { dispatcher, expect, onExpiring, onRotated, tokenCache } = options;
  const shared = { ...options, credentials: options.credentials ?? environmentCredentials() };
  const origins = [options.origin].flat().map((one) => checkOriginOptions(one, shared));
  if (origins.length === 0) throw new TypeError("origin is required.");
  if (new Set(origins.map(({ origin }) => origin)).size < origins.length) {
    throw new TypeError("Each origin may be given once.");
  }
  if (onExpiring !== undefined && typeof onExpiring !== "function")
    throw new TypeError("onExpiring must be a function.");
  if (onRotated !== undefined && typeof onRotated !== "function") throw new TypeError("onRotated must be a function.");
  if (expect !== undefined && expect !== "json") throw new TypeError('expect must be "json", or left out.');
  const timeoutMs = checkInteger("timeoutMs", options.timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS);
  const connections = checkInteger("connections", options.connections ?? DEFAULT_CONNECTIONS, MAX_CONNECTIONS);
  const { now = Date.now, random = Math.random } = options;
  return { origins, onExpiring, onRotated, tokenCache, timeoutMs, expect, dispatcher, connections, now, random };
}

type Shared = Omit<AccessClientOptions, "origin"> & { readonly credentials: CredentialSource };

function checkOriginOptions(given: string | URL | OriginOptions, shared: Shared): CheckedOrigin {
  const own: OriginOptions = typeof given === "string" || given instanceof URL ? { origin: given } : given;
  const { credentials, exchangePath, tokenHeader } = { ...shared, ...own };
  if (typeof credentials?.read !== "function") {
    throw new TypeError("credentials must be a source, such as staticCredentials({ clientId, clientSecret }).");
  }
  if (exchangePath !== undefined && !/^\/[^?#\s]*$/.test(exchangePath)) {
    throw new TypeError("exchangePath must be a path: /healthz");
  }
  if (tokenHeader !== undefined && !/^[a-z0-9!#$%&'*+.^_`|~-]+$/i.test(tokenHeader)) {
    throw new TypeError("tokenHeader must be the name of a header: Authorization");
  }
  return { origin: checkOrigin(own.origin), credentials, exchangePath, tokenHeader: tokenHeader?.toLowerCase() };
}

function checkOrigin(origin: string | URL): string {
  const url = parseSecureUrl(origin, "origin");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw new TypeError(`origin must have no path: ${url.origin}`);
  }
  return url.origin;
}

function checkInteger(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new TypeError(`${name} must be a whole number from 1 to ${max}.`);
}

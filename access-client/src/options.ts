import type { Dispatcher } from "undici";
import { environmentCredentials } from "./credentials/environment.ts";
import type { CredentialSource } from "./credentials/source.ts";
import { parseSecureUrl } from "./secure-url.ts";

export interface AccessClientOptions {
  /**
   * The app behind the gateway, `https://stats.example.com`; several when they share one service token. Credentials go
   * nowhere else. https, except to this machine.
   */
  readonly origin: string | URL | readonly (string | URL)[];
  /** Default: `environmentCredentials()`. */
  readonly credentials?: CredentialSource;
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
  /** The undici dispatcher to send through; the caller closes it. Default: one pool per origin, closed with the client. */
  readonly dispatcher?: Dispatcher;
  /** Connections per origin of the default pools. 1 to 1,024. Default 64. */
  readonly connections?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** From 0 to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
}

export interface CheckedOptions {
  readonly origins: readonly string[];
  readonly credentials: CredentialSource;
  readonly timeoutMs: number;
  readonly exchangePath: string | undefined;
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
  const { credentials = environmentCredentials(), exchangePath, dispatcher } = options;
  const origins = [options.origin].flat().map(checkOrigin);
  if (origins.length === 0) throw new TypeError("origin is required.");
  if (typeof credentials?.read !== "function") {
    throw new TypeError("credentials must be a source, such as staticCredentials({ clientId, clientSecret }).");
  }
  if (exchangePath !== undefined && !/^\/[^?#\s]*$/.test(exchangePath)) {
    throw new TypeError("exchangePath must be a path: /healthz");
  }
  const timeoutMs = checkInteger("timeoutMs", options.timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS);
  const connections = checkInteger("connections", options.connections ?? DEFAULT_CONNECTIONS, MAX_CONNECTIONS);
  const { now = Date.now, random = Math.random } = options;
  return { origins, credentials, timeoutMs, exchangePath, dispatcher, connections, now, random };
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

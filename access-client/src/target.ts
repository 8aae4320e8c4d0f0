import { AccessRequestError } from "./request-error.ts";

/** Where a request goes: one of the client's origins, and the path with its query. */
export interface Target {
  readonly origin: string;
  readonly path: string;
}

/**
 * Resolves what a caller asked for against the client's origins. A path is taken as it is, to the first origin; anything
 * else must be a URL of one of them: same scheme, host and port, and no user information.
 *
 * @throws {AccessRequestError} `ERR_ACCESS_ORIGIN_NOT_ALLOWED`
 * @throws {TypeError} for what is no URL
 */
export function resolveTarget(input: string | URL, origins: readonly string[]): Target {
  const [first = ""] = origins;
  if (typeof input === "string" && isPlainPath(input)) return { origin: first, path: input };
  const url = URL.parse(String(input), first);
  if (url === null) throw new TypeError("The request's target is neither a path nor a URL.");
  if (!origins.includes(url.origin) || url.username !== "" || url.password !== "") throw notAllowed(url, origins);
  return { origin: url.origin, path: `${url.pathname}${url.search}` };
}

/** `//host` and `/\host` are other hosts to a URL parser, and a fragment is not sent: those take the long way. */
function isPlainPath(input: string): boolean {
  const second = input.charCodeAt(1);
  return input.charCodeAt(0) === 47 && second !== 47 && second !== 92 && !/[#\t\r\n]/.test(input);
}

function notAllowed(url: URL, origins: readonly string[]): AccessRequestError {
  const where = url.username === "" && url.password === "" ? url.origin : `${url.origin} with user information`;
  const message = `No credentials for ${where}: this client is for ${origins.join(", ")}.`;
  return new AccessRequestError("ERR_ACCESS_ORIGIN_NOT_ALLOWED", message);
}

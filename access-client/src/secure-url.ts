const LOOPBACK = /^(?:localhost|(?:[^.]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a host name, as `URL` gives it, can only mean this machine. */
function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * Parses a URL that carries, or vouches for, a credential: https, or http to this machine; without user information.
 *
 * @throws {TypeError} with `what` in the message
 */
export function parseSecureUrl(text: string | URL, what: string): URL {
  const url = URL.parse(String(text));
  if (url === null) throw new TypeError(`${what} is not a URL.`);
  const isSecure = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
  if (!isSecure)
    throw new TypeError(`${what} must start with https:// (http:// is for this machine only): ${url.origin}`);
  if (url.username !== "" || url.password !== "")
    throw new TypeError(`${what} must not contain a user name or password.`);
  return url;
}

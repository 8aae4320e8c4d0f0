import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";

/**
 * Whether a browser sent a request from a page of this very server, and by a name that is ours: a cookie counts only then.
 *
 * - Another site's page, or another port's on the same host (which is the same _site_, so SameSite does not stop it), is told by
 *   `Sec-Fetch-Site` or `Origin`; where a browser sends neither, by the missing `X-Requested-With`, which no page can set
 *   across origins without asking us first.
 * - A name that was bound to our address by somebody else (DNS rebinding) is none of `hosts`.
 *
 * @param hosts Host names, without a port, besides localhost and addresses.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, hosts: readonly string[]): boolean {
  const { host = "", origin } = headers;
  if (!isOurName(host, hosts)) return false;
  if (origin !== undefined && originHost(origin) !== host.toLowerCase()) return false;
  const site = headers["sec-fetch-site"];
  return site === undefined ? headers["x-requested-with"] !== undefined : site === "same-origin";
}

function isOurName(host: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
  return isAddress || hostname === "localhost" || hostname.endsWith(".localhost") || hosts.includes(hostname);
}

/** With its port, as in `Host`; a default port is left out in both. */
function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

import type { IncomingHttpHeaders } from "node:http";

const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why a request is refused before anything reads it, or nothing.
 *
 * The workspace has no log-in, so two things stand between it and a web page elsewhere: the Host header must name
 * loopback (a rebound DNS name does not), and a browser's Origin must be our own page's. Programs send no Origin.
 */
export function refusalOf(headers: IncomingHttpHeaders): string | undefined {
  const { host, origin } = headers;
  if (host === undefined || !LOOPBACK_HOST.test(host)) return "This workspace answers only under its loopback address.";
  if (origin !== undefined && origin !== `http://${host}`) return "Requests from other web pages are refused.";
  const site = headers["sec-fetch-site"];
  if (origin === undefined && site === "cross-site" && headers["sec-fetch-mode"] !== "navigate") {
    return "Requests from other web pages are refused.";
  }
  return undefined;
}

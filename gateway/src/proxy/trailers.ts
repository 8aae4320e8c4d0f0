import type { IncomingMessage } from "node:http";
import { isForClient, isForOrigin, type RawHeaders } from "./headers.ts";

/** What decides about framing, routing, authentication or content may not come after it (RFC 9110, 6.5.1). */
const NEVER = new Set([
  "content-length",
  "host",
  "content-type",
  "content-encoding",
  "content-range",
  "content-disposition",
  "authorization",
  "cookie",
  "set-cookie",
  "cache-control",
  "expires",
  "location",
  "www-authenticate",
  "range",
  "max-forwards",
  "if-match",
  "if-none-match",
  "if-modified-since",
  "if-unmodified-since",
  "age",
  "date",
  "vary",
  "retry-after",
  "warning",
  "pragma",
  "origin",
]);

/** Names in `Trailer` headers that may be passed on; lower case. */
export function declaredTrailers(headers: RawHeaders, isAllowed: (name: string) => boolean): string[] {
  const declared: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() !== "trailer") continue;
    const names = (headers[index + 1] ?? "").split(",").map((name) => name.trim().toLowerCase());
    declared.push(...names.filter((name) => name !== "" && !NEVER.has(name) && isAllowed(name)));
  }
  return declared;
}

/** The trailers of a client's request that the origin gets, as they are written: those that were announced and may come late. */
export function requestTrailers({ rawHeaders, rawTrailers }: IncomingMessage): string {
  if (rawTrailers.length === 0) return "";
  return keep(rawTrailers, declaredTrailers(rawHeaders, isForOrigin))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
}

/** The same of an origin's answer, for the client. */
export function responseTrailers(headers: RawHeaders, trailers: RawHeaders): [string, string][] {
  return trailers.length === 0 ? [] : keep(trailers, declaredTrailers(headers, isForClient));
}

function keep(trailers: RawHeaders, declared: readonly string[]): [string, string][] {
  const kept: [string, string][] = [];
  for (let index = 0; index < trailers.length; index += 2) {
    const name = trailers[index] ?? "";
    if (declared.includes(name.toLowerCase())) kept.push([name, trailers[index + 1] ?? ""]);
  }
  return kept;
}

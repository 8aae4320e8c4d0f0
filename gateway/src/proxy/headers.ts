/** Names that only the gateway may set on a request, as prefixes and whole names of the canonical spelling. */
const OWNED_PREFIXES = ["cf-access-", "x-forwarded-", "x-original-"];
const OWNED_NAMES = new Set([
  "cf-ray",
  "cf-connecting-ip",
  "cf-ipcountry",
  "true-client-ip",
  "forwarded",
  "x-real-ip",
  "x-client-ip",
  "x-rewrite-url",
  "traceparent",
]);
/** Cookies of Access, and ours; `CF_AppSession_…` is one per login attempt. */
const OWNED_COOKIE = /^(?:--(?:host|secure)-)?cf-(?:authorization|binding|session|device|appsession)(?:-|$)/;
/** RFC 9110, 7.6.1, and what proxies add to it. `expect` is answered by us. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "http2-settings",
]);

/** Headers as Node and undici give and take them: name, value, name, value … */
export type RawHeaders = readonly string[];

/**
 * What of a client's headers goes to the origin: everything but the names we own in any spelling, and what is meant for this
 * hop only. Cookies of ours are cut out of the Cookie header. Then `own` is added, so nothing the client says can stand in for it.
 *
 * @param tokenHeader One more name that is ours here: that of the application's own token header.
 */
export function requestHeaders(received: RawHeaders, own: RawHeaders, tokenHeader: string | null = null): string[] {
  const listed = connectionOptions(received);
  const alsoOwned = tokenHeader === null ? null : canonical(tokenHeader);
  const kept: string[] = [];
  for (let index = 0; index < received.length; index += 2) {
    const name = received[index] ?? "";
    const value = received[index + 1] ?? "";
    const lower = name.toLowerCase();
    const plain = canonical(name);
    if (HOP_BY_HOP.has(lower) || listed.has(lower) || isOwned(plain) || plain === alsoOwned) continue;
    const safe = plain === "cookie" ? stripCookies(value) : value;
    if (safe !== "" || value === "") kept.push(name, safe);
  }
  kept.push(...own);
  return kept;
}

/** What a configured CORS answer of ours stands in for: said twice, browsers refuse both. */
const CORS_ANSWER = new Set(["access-control-allow-origin", "access-control-allow-credentials"]);

/** What of an origin's headers goes to the client: not what is for this hop only, nor anything in our name or said by us. */
export function responseHeaders(received: RawHeaders, own: RawHeaders): string[] {
  const listed = connectionOptions(received);
  // It comes with every CORS answer of ours, also with one that allows nothing.
  const answersCors = own.includes("vary");
  const kept: string[] = [];
  for (let index = 0; index < received.length; index += 2) {
    const name = received[index] ?? "";
    const value = received[index + 1] ?? "";
    const lower = name.toLowerCase();
    if (answersCors && CORS_ANSWER.has(lower)) continue;
    if (HOP_BY_HOP.has(lower) || listed.has(lower) || lower === "cf-ray" || lower.startsWith("cf-access-")) continue;
    if (lower === "set-cookie" && OWNED_COOKIE.test(cookieName(value))) continue;
    kept.push(name, value);
  }
  kept.push(...own);
  return kept;
}

/** All values of one header, in order. Node's own `headers` joins or drops repeated ones. */
export function headerValues(headers: RawHeaders, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === name) values.push(headers[index + 1] ?? "");
  }
  return values;
}

/**
 * CGI, WSGI, PHP and others turn every character but letters and digits into the same one, so `Cf_Access_X` and `Cf.Access.X` may
 * reach an application as `Cf-Access-X`.
 */
function canonical(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "-");
}

function isOwned(name: string): boolean {
  return OWNED_NAMES.has(name) || OWNED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

function stripCookies(value: string): string {
  return value
    .split(";")
    .filter((pair) => !OWNED_COOKIE.test(cookieName(pair)))
    .join(";")
    .trim();
}

/** Some servers decode names before they compare. */
function cookieName(pair: string): string {
  const name = (pair.split("=", 1)[0] ?? "").trim();
  const decoded = name.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return canonical(decoded);
}

/** Names listed as meant for this hop only. `Host` may not be (RFC 9110, 7.6.1): the origin would be asked for another site. */
function connectionOptions(headers: RawHeaders): ReadonlySet<string> {
  const options = headerValues(headers, "connection").flatMap((value) => value.split(","));
  const listed = new Set(options.map((option) => option.trim().toLowerCase()));
  listed.delete("host");
  return listed;
}

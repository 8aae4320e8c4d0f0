/** Names that only the gateway may set on a request, as prefixes and whole names of the canonical spelling. */
const OWNED_PREFIXES = ["cf-access-", "x-forwarded-", "x-original-"];
const OWNED_NAMES = new Set([
  "cf-ray",
  "cf-connecting-ip",
  "cf-connecting-ipv6",
  "cf-pseudo-ipv4",
  "cf-ipcountry",
  "cf-visitor",
  "true-client-ip",
  "client-ip",
  "fastly-client-ip",
  "forwarded",
  "x-forwarded",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
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
/** What tells where a request goes and where it ends. In another spelling they are nobody's business but a smuggler's. */
const FRAMING = new Set(["host", "content-length"]);

/** Headers as Node gives and takes them: name, value, name, value … */
export type RawHeaders = readonly string[];

/** What is done with a header of a name: passed on, left out, or looked into. */
type Treatment = "pass" | "drop" | "cookie" | "connection";

/**
 * What of a client's headers goes to the origin: everything but the names we own in any spelling, and what is meant for this
 * hop only. Cookies of ours are cut out of the Cookie header. Then `own` is added, so nothing the client says can stand in for it.
 *
 * @param tokenHeader One more name that is ours here: that of the application's own token header.
 */
export function requestHeaders(received: RawHeaders, own: RawHeaders, tokenHeader: string | null = null): string[] {
  const alsoOwned = tokenHeader === null ? null : canonical(tokenHeader);
  const kept: string[] = [];
  let options = "";
  for (let index = 0; index < received.length; index += 2) {
    const name = received[index] ?? "";
    const value = received[index + 1] ?? "";
    const treatment = requestNames.of(name);
    if (treatment === "connection") options += `,${value}`;
    if (treatment === "drop" || treatment === "connection") continue;
    if (alsoOwned !== null && canonical(name) === alsoOwned) continue;
    const safe = treatment === "cookie" ? stripCookies(value) : value;
    if (safe !== "" || value === "") kept.push(name, safe);
  }
  return withoutListed(kept, options).concat(own);
}

/** What may not stand in a header as it is: control characters, and letters beyond Latin-1, whose low byte may be one. */
export const UNSAFE_IN_HEADER = /[^\t\x20-\x7e\x80-\xff]/;

/** A value of ours, such as an e-mail address, beyond Latin-1 as UTF-8. @throws {TypeError} for a line break or its like, which no encoding makes safe. */
export function writable(value: string): string {
  if (!UNSAFE_IN_HEADER.test(value)) return value;
  const bytes = Buffer.from(value, "utf8").toString("latin1");
  if (UNSAFE_IN_HEADER.test(bytes)) throw new TypeError("a header of the gateway's own holds a control character");
  return bytes;
}

/** What a configured CORS answer of ours stands in for: said twice, browsers refuse both. */
const CORS_ANSWER = new Set(["access-control-allow-origin", "access-control-allow-credentials"]);

/** What of an origin's headers goes to the client: not what is for this hop only, nor anything in our name or said by us. */
export function responseHeaders(received: RawHeaders, own: RawHeaders): string[] {
  // It comes with every CORS answer of ours, also with one that allows nothing.
  const answersCors = own.includes("vary");
  const kept: string[] = [];
  let options = "";
  for (let index = 0; index < received.length; index += 2) {
    const name = received[index] ?? "";
    const value = received[index + 1] ?? "";
    const treatment = responseNames.of(name);
    if (treatment === "connection") options += `,${value}`;
    if (treatment === "drop" || treatment === "connection") continue;
    if (answersCors && CORS_ANSWER.has(name.toLowerCase())) continue;
    if (treatment === "cookie" && OWNED_COOKIE.test(cookieName(value))) continue;
    kept.push(name, value);
  }
  return withoutListed(kept, options).concat(own);
}

/** For answers that have no body and may name no length (RFC 9110, 8.6): whoever comes before us could wait for one. */
export function withoutLength(received: RawHeaders): RawHeaders {
  const kept: string[] = [];
  for (let index = 0; index < received.length; index += 2) {
    const name = received[index] ?? "";
    if (name.toLowerCase() !== "content-length") kept.push(name, received[index + 1] ?? "");
  }
  return kept;
}

/** Whether a client's header of this name may reach the origin. */
export function isForOrigin(name: string): boolean {
  return requestNames.of(name) === "pass";
}

/** Whether an origin's header of this name may reach the client. */
export function isForClient(name: string): boolean {
  return responseNames.of(name) === "pass";
}

/** All values of one header, in order. Node's own `headers` joins or drops repeated ones. */
export function headerValues(headers: RawHeaders, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const candidate = headers[index] ?? "";
    // Most names differ in their length already.
    if (candidate.length === name.length && candidate.toLowerCase() === name) values.push(headers[index + 1] ?? "");
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

function treatRequestName(name: string): Treatment {
  const lower = name.toLowerCase();
  if (lower === "connection") return "connection";
  const plain = canonical(name);
  const isOwned = OWNED_NAMES.has(plain) || OWNED_PREFIXES.some((prefix) => plain.startsWith(prefix));
  const isAlias = plain !== lower && FRAMING.has(plain);
  if (HOP_BY_HOP.has(plain) || isOwned || isAlias) return "drop";
  return plain === "cookie" ? "cookie" : "pass";
}

function treatResponseName(name: string): Treatment {
  const lower = name.toLowerCase();
  if (lower === "connection") return "connection";
  if (HOP_BY_HOP.has(lower) || lower === "cf-ray" || lower.startsWith("cf-access-")) return "drop";
  return lower === "set-cookie" ? "cookie" : "pass";
}

const requestNames = remembered(treatRequestName);
const responseNames = remembered(treatResponseName);

/** Strangers choose the names: past this many, new ones are looked at each time. */
const MAX_REMEMBERED = 1_000;
const MAX_REMEMBERED_LENGTH = 64;

/** The same few names come with every request; a spelling is judged once. */
function remembered(treat: (name: string) => Treatment): { of(name: string): Treatment } {
  const known = new Map<string, Treatment>();
  return {
    of(name) {
      const before = known.get(name);
      if (before !== undefined) return before;
      const treatment = treat(name);
      if (known.size < MAX_REMEMBERED && name.length <= MAX_REMEMBERED_LENGTH) known.set(name, treatment);
      return treatment;
    },
  };
}

function stripCookies(value: string): string {
  return value
    .split(";")
    .filter((pair) => !OWNED_COOKIE.test(cookieName(pair)))
    .join(";")
    .trim();
}

/** Some servers decode names before they compare. Of a pair without a name, browsers send the value alone: `=a=b` comes back as `a=b`. */
function cookieName(pair: string): string {
  const name = (pair.replace(/^[\s=]+/, "").split("=", 1)[0] ?? "").trim();
  const decoded = name.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return canonical(decoded);
}

const ORDINARY_OPTIONS = /^,(?:keep-alive|close|upgrade)$/i;

/**
 * Leaves out what Connection headers list as meant for this hop only. `Host` may not be (RFC 9110, 7.6.1): the origin would be
 * asked for another site; nor the length of a body that is sent, which would be read as a request of its own.
 */
function withoutListed(headers: string[], options: string): string[] {
  if (options === "" || ORDINARY_OPTIONS.test(options)) return headers;
  const listed = new Set(options.split(",").map((option) => option.trim().toLowerCase()));
  listed.delete("host");
  listed.delete("content-length");
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (!listed.has(name.toLowerCase())) kept.push(name, headers[index + 1] ?? "");
  }
  return kept;
}

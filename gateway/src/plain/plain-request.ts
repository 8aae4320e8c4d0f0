import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";

/**
 * A request of the plainest kind, whole in one read: GET or HEAD of HTTP/1.1, no body, no name twice, nothing that speaks of
 * framing or of another protocol. It has those properties of Node's own request that are looked at here.
 */
export class PlainRequest {
  readonly method: string;
  /** The target, as received. */
  readonly url: string;
  /** Name, value, name, value … */
  readonly rawHeaders: string[];
  readonly socket: Socket;
  readonly httpVersionMinor = 1;
  readonly complete = true;
  #headers: IncomingHttpHeaders | undefined;

  constructor({ method, url, rawHeaders }: PlainHead, socket: Socket) {
    this.method = method;
    this.url = url;
    this.rawHeaders = rawHeaders;
    this.socket = socket;
  }

  /** By lower-case name. Put together when first asked for, which is not for a request that is let in. */
  get headers(): IncomingHttpHeaders {
    this.#headers ??= byLowerCaseName(this.rawHeaders);
    return this.#headers;
  }
}

export interface PlainHead {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];
}

const END_OF_HEAD = "\r\n\r\n";
const REQUEST_LINE = /^(GET|HEAD) (\/[\x21\x22\x24-\x7e]*) HTTP\/1\.1$/;
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Visible ASCII, spaces and tabs. */
const VALUE = /^[\t\x20-\x7e]*$/;
/** These say where a request ends, or what comes after it; also where they say nothing new, Node's parser has the word. */
const UNPLAIN_NAMES = new Set([
  "content-length",
  "transfer-encoding",
  "expect",
  "upgrade",
  // Node's parser takes it for Connection.
  "proxy-connection",
  "te",
  "trailer",
  "http2-settings",
]);
const MAX_FIELDS = 32;

/**
 * Reads what came in with one read if it is exactly one plain request.
 *
 * It judges nothing: whatever differs from the plain form in a single byte, well-formed or not, is Node's parser's to read, from its
 * first byte on. So this need not know what else HTTP allows, only that what it takes has one reading (RFC 9112).
 */
export function readPlainHead(text: string): PlainHead | undefined {
  if (text.indexOf(END_OF_HEAD) !== text.length - END_OF_HEAD.length) return undefined;
  const lineEnd = text.indexOf("\r\n");
  const [, method, url] = REQUEST_LINE.exec(text.slice(0, lineEnd)) ?? [];
  if (method === undefined || url === undefined) return undefined;
  const rawHeaders = readFields(text, lineEnd + 2);
  return rawHeaders === undefined ? undefined : { method, url, rawHeaders };
}

function readFields(text: string, start: number): string[] | undefined {
  const rawHeaders: string[] = [];
  const seen: string[] = [];
  const end = text.length - END_OF_HEAD.length;
  for (let at = start; at < end; ) {
    const lineEnd = text.indexOf("\r\n", at);
    const colon = text.indexOf(":", at);
    if (colon === -1 || colon > lineEnd) return undefined;
    const name = text.slice(at, colon);
    const lower = plainName(name);
    if (lower === undefined || seen.includes(lower) || seen.length === MAX_FIELDS) return undefined;
    const received = text.slice(colon + 1, lineEnd);
    // Before the trimming, which takes off more than a field's spaces and tabs: a bare LF too.
    if (!VALUE.test(received)) return undefined;
    const value = received.trim();
    if (lower === "connection" && value.toLowerCase() !== "keep-alive") return undefined;
    seen.push(lower);
    rawHeaders.push(name, value);
    at = lineEnd + 2;
  }
  return seen.includes("host") ? rawHeaders : undefined;
}

const MAX_KNOWN_NAMES = 500;
const MAX_KNOWN_LENGTH = 64;
const knownNames = new Map<string, string>();

/** The name in lower case; undefined for one that no plain request has. The same few come each time, and are looked at once. */
function plainName(name: string): string | undefined {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (!NAME.test(name) || UNPLAIN_NAMES.has(lower)) return undefined;
  if (knownNames.size < MAX_KNOWN_NAMES && name.length <= MAX_KNOWN_LENGTH) knownNames.set(name, lower);
  return lower;
}

function byLowerCaseName(rawHeaders: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string> = Object.create(null);
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers[(rawHeaders[index] ?? "").toLowerCase()] = rawHeaders[index + 1] ?? "";
  }
  return headers;
}

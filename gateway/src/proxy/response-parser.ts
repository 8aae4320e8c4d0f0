import type { RawHeaders } from "./headers.ts";

export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: RawHeaders;
}

export interface ResponseListener {
  /** A 1xx before the answer proper. */
  onInterim(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  /** @param piece Lent for the call. @param isLast Whether the body ends with it; false where only what follows tells. */
  onBody(piece: Buffer, isLast: boolean): void;
  onEnd(trailers: RawHeaders): void;
}

type BadResponseCode = "BAD_RESPONSE_HEAD" | "BAD_RESPONSE_LENGTH" | "BAD_RESPONSE_CHUNK" | "RESPONSE_HEAD_TOO_LARGE";

/** What an origin sent is not an HTTP/1.1 response, or one that two readers could read in two ways. */
export class BadResponseError extends Error {
  override readonly name = "BadResponseError";
  readonly code: BadResponseCode;

  constructor(code: BadResponseCode) {
    super(code);
    this.code = code;
  }
}

const MAX_HEAD_BYTES = 64 * 1024;
/** A chunk's size with its extensions, which nobody uses. */
const MAX_SIZE_LINE_BYTES = 1_024;
const END_OF_HEAD = "\r\n\r\n";
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: (.*))?$/;
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Control characters, and line ends that are not CR LF. */
const UNSAFE = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/;
const LENGTH = /^\d{1,15}$/;
/** With extensions (RFC 9112, 7.1.1) as strict as Node's own parser reads them. */
const CHUNK_SIZE = /^([0-9a-f]{1,12})(?:;[\w!#$%&'*+.^`|~-]+(?:=(?:[\w!#$%&'*+.^`|~-]+|"(?:[^"\\]|\\.)*"))?)*$/i;
/** Of answers before the answer; each is passed on, and the client may be slow to take it. */
const MAX_INTERIM = 100;
const DEFAULT_KEEP_ALIVE_SECONDS = 5;

type State =
  | "head"
  | "length"
  | "until-close"
  | "chunk-size"
  | "chunk-data"
  | "chunk-end"
  | "trailers"
  | "switched"
  | "done";

/**
 * Reads one response of an origin, piece by piece (RFC 9112). Strict: what is not plainly framed is an error, never a guess, for
 * the bytes after a response that two servers end at different places would be somebody else's answer.
 *
 * undici's parser is not used, nor Node's own for clients: both cost several times as much, more than all else that the gateway does.
 */
export class ResponseParser {
  readonly #listener: ResponseListener;
  readonly #isHeadRequest: boolean;
  readonly #mayUpgrade: boolean;
  #state: State = "head";
  /** The beginning of a head or line whose end is not here yet. */
  #pending: Buffer | undefined;
  #left = 0;
  #interimCount = 0;
  #isPersistent = false;
  #keepAliveSeconds = DEFAULT_KEEP_ALIVE_SECONDS;
  #hasExcess = false;

  constructor(method: string, mayUpgrade: boolean, listener: ResponseListener) {
    this.#isHeadRequest = method === "HEAD";
    this.#mayUpgrade = mayUpgrade;
    this.#listener = listener;
  }

  get isDone(): boolean {
    return this.#state === "done";
  }

  /** Whether the origin agreed to another protocol; what follows the head is no longer HTTP. */
  get isSwitched(): boolean {
    return this.#state === "switched";
  }

  /** How long the connection may be kept for another request; 0 when it may not. */
  get keepAliveMs(): number {
    return this.isDone && this.#isPersistent && !this.#hasExcess ? this.#keepAliveSeconds * 1_000 : 0;
  }

  /** @param piece Lent: what is kept of it is copied. @returns What followed the head of a 101, else nothing. @throws {BadResponseError} */
  feed(piece: Buffer): Buffer | undefined {
    let rest = this.#pending === undefined ? piece : Buffer.concat([this.#pending, piece]);
    this.#pending = undefined;
    while (rest.length > 0) {
      if (this.#state === "switched") return rest;
      rest = this.#step(rest);
    }
    return undefined;
  }

  /** The origin closed its side. @returns Whether that was the proper end. */
  finish(): boolean {
    if (this.#state === "until-close") this.#end([]);
    return this.isDone;
  }

  #step(data: Buffer): Buffer {
    switch (this.#state) {
      case "head":
        return this.#readHead(data);
      case "length":
        return this.#readLength(data);
      case "until-close":
        this.#listener.onBody(data, false);
        return NOTHING;
      case "chunk-size":
        return this.#readChunkSize(data);
      case "chunk-data":
        return this.#readChunk(data);
      case "chunk-end":
        return this.#readChunkEnd(data);
      case "trailers":
        return this.#readTrailers(data);
      case "switched":
      case "done":
        this.#hasExcess = true;
        return NOTHING;
    }
  }

  #readHead(data: Buffer): Buffer {
    const end = data.indexOf(END_OF_HEAD, 0, "latin1");
    if (end === -1) return this.#wait(data, MAX_HEAD_BYTES, "RESPONSE_HEAD_TOO_LARGE");
    if (end > MAX_HEAD_BYTES) throw new BadResponseError("RESPONSE_HEAD_TOO_LARGE");
    this.#takeHead(data.toString("latin1", 0, end));
    return data.subarray(end + END_OF_HEAD.length);
  }

  #takeHead(text: string): void {
    if (UNSAFE.test(text)) throw new BadResponseError("BAD_RESPONSE_HEAD");
    const firstEnd = text.indexOf("\r\n");
    const [, minor, status, reason = ""] = STATUS_LINE.exec(firstEnd === -1 ? text : text.slice(0, firstEnd)) ?? [];
    if (status === undefined) throw new BadResponseError("BAD_RESPONSE_HEAD");
    const headers = firstEnd === -1 ? [] : readFields(text, firstEnd + 2);
    const head = { status: Number(status), reason, headers };
    if (head.status === 101 && this.#mayUpgrade && isToWebSocket(headers)) {
      this.#state = "switched";
      this.#listener.onHead(head);
    } else if (head.status === 101) {
      throw new BadResponseError("BAD_RESPONSE_HEAD");
    } else if (head.status < 200) {
      this.#interimCount += 1;
      if (this.#interimCount > MAX_INTERIM) throw new BadResponseError("BAD_RESPONSE_HEAD");
      this.#listener.onInterim(head);
    } else {
      const framing = framingOf(headers, minor === "1");
      this.#listener.onHead(head);
      this.#begin(framing, head.status);
    }
  }

  /** How the body ends (RFC 9112, 6.3). */
  #begin({ length, isChunked, isPersistent, keepAliveSeconds }: Framing, status: number): void {
    this.#isPersistent = isPersistent;
    if (keepAliveSeconds !== undefined) this.#keepAliveSeconds = keepAliveSeconds;
    // A body that may not be there and was announced could come later, as the beginning of the next answer.
    if (status === 204 && (isChunked || (length ?? 0) > 0)) this.#isPersistent = false;
    if (this.#isHeadRequest || status === 204 || status === 304 || length === 0) {
      this.#end([]);
    } else if (isChunked) {
      this.#state = "chunk-size";
    } else if (length !== undefined) {
      this.#state = "length";
      this.#left = length;
    } else {
      this.#state = "until-close";
      this.#isPersistent = false;
    }
  }

  #readLength(data: Buffer): Buffer {
    const piece = data.length <= this.#left ? data : data.subarray(0, this.#left);
    this.#left -= piece.length;
    this.#listener.onBody(piece, this.#left === 0);
    if (this.#left === 0) this.#end([]);
    return data.subarray(piece.length);
  }

  #readChunkSize(data: Buffer): Buffer {
    const end = data.indexOf("\r\n", 0, "latin1");
    if (end === -1) return this.#wait(data, MAX_SIZE_LINE_BYTES, "BAD_RESPONSE_CHUNK");
    const line = data.toString("latin1", 0, end);
    const [, size] = CHUNK_SIZE.exec(line) ?? [];
    if (size === undefined || UNSAFE.test(line)) throw new BadResponseError("BAD_RESPONSE_CHUNK");
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? "trailers" : "chunk-data";
    return data.subarray(end + 2);
  }

  #readChunk(data: Buffer): Buffer {
    const piece = data.length <= this.#left ? data : data.subarray(0, this.#left);
    this.#left -= piece.length;
    if (this.#left === 0) this.#state = "chunk-end";
    this.#listener.onBody(piece, false);
    return data.subarray(piece.length);
  }

  #readChunkEnd(data: Buffer): Buffer {
    if (data.length < 2) return this.#wait(data, 2, "BAD_RESPONSE_CHUNK");
    if (data[0] !== 0x0d || data[1] !== 0x0a) throw new BadResponseError("BAD_RESPONSE_CHUNK");
    this.#state = "chunk-size";
    return data.subarray(2);
  }

  #readTrailers(data: Buffer): Buffer {
    if (data.length >= 2 && data[0] === 0x0d && data[1] === 0x0a) {
      this.#end([]);
      return data.subarray(2);
    }
    const end = data.indexOf(END_OF_HEAD, 0, "latin1");
    if (end === -1) return this.#wait(data, MAX_HEAD_BYTES, "RESPONSE_HEAD_TOO_LARGE");
    const text = data.toString("latin1", 0, end);
    if (UNSAFE.test(text)) throw new BadResponseError("BAD_RESPONSE_HEAD");
    this.#end(readFields(text, 0));
    return data.subarray(end + END_OF_HEAD.length);
  }

  #wait(data: Buffer, maxBytes: number, code: BadResponseCode): Buffer {
    if (data.length > maxBytes) throw new BadResponseError(code);
    this.#pending = Buffer.from(data);
    return NOTHING;
  }

  #end(trailers: RawHeaders): void {
    this.#state = "done";
    this.#listener.onEnd(trailers);
  }
}

const NOTHING = Buffer.alloc(0);

function readFields(text: string, start: number): string[] {
  const fields: string[] = [];
  for (let at = start; at < text.length; ) {
    const next = text.indexOf("\r\n", at);
    const end = next === -1 ? text.length : next;
    const colon = text.indexOf(":", at);
    const name = colon === -1 || colon > end ? "" : text.slice(at, colon);
    // Also refuses folded lines and a space before the colon, which some servers read past.
    if (!isName(name)) throw new BadResponseError("BAD_RESPONSE_HEAD");
    fields.push(name, trimmed(text, colon + 1, end));
    at = end + 2;
  }
  return fields;
}

const MAX_KNOWN_NAMES = 500;
const knownNames = new Set<string>();

/** The same few names come with every answer; each is looked at once. */
function isName(name: string): boolean {
  if (knownNames.has(name)) return true;
  const isGood = NAME.test(name);
  if (isGood && knownNames.size < MAX_KNOWN_NAMES) knownNames.add(name);
  return isGood;
}

/** Another protocol was not asked for, and its bytes would be read as a WebSocket's. */
function isToWebSocket(headers: RawHeaders): boolean {
  const protocols = headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === "upgrade");
  return protocols.length === 1 && protocols[0]?.toLowerCase() === "websocket";
}

/** Without spaces and tabs around it. `trim` would also take what is the end of some UTF-8 letters. */
function trimmed(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

interface Framing {
  readonly length: number | undefined;
  readonly isChunked: boolean;
  readonly isPersistent: boolean;
  readonly keepAliveSeconds: number | undefined;
}

/** One look at each header: four times as many looks for four names would be most of what reading a head costs. */
function framingOf(headers: RawHeaders, isHttp11: boolean): Framing {
  let length: string | undefined;
  let coding: string | undefined;
  let options = "";
  let hint = "";
  for (let index = 0; index < headers.length; index += 2) {
    const value = headers[index + 1] ?? "";
    switch (framingName(headers[index] ?? "")) {
      case "content-length":
        if (length !== undefined) throw new BadResponseError("BAD_RESPONSE_LENGTH");
        length = value;
        break;
      case "transfer-encoding":
        if (coding !== undefined) throw new BadResponseError("BAD_RESPONSE_LENGTH");
        coding = value.toLowerCase();
        break;
      case "connection":
        options += `,${value.toLowerCase()}`;
        break;
      case "keep-alive":
        hint = value;
        break;
    }
  }
  const isBadLength = length !== undefined && (!LENGTH.test(length) || coding !== undefined);
  const isBadCoding = coding !== undefined && (coding !== "chunked" || !isHttp11);
  if (isBadLength || isBadCoding) throw new BadResponseError("BAD_RESPONSE_LENGTH");
  const seconds = hint === "" ? undefined : /\btimeout=(\d{1,6})\b/i.exec(hint)?.[1];
  return {
    length: length === undefined ? undefined : Number(length),
    isChunked: coding !== undefined,
    isPersistent: isHttp11 ? !/\bclose\b/.test(options) : /\bkeep-alive\b/.test(options),
    keepAliveSeconds: seconds === undefined ? undefined : Number(seconds),
  };
}

/** The name in lower case if it may frame the message; most differ from those in their length already. */
function framingName(name: string): string {
  return name.length === 10 || name.length === 14 || name.length === 17 ? name.toLowerCase() : "";
}

import { EventEmitter } from "node:events";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { headerValues, UNSAFE_IN_HEADER } from "../proxy/headers.ts";

/** The connection that an answer goes out on. */
export interface AnswerPath {
  readonly socket: Socket;
  /** What clients are told of how long an idle connection is kept. */
  readonly keepAliveSeconds: number;
  /** Told when all of an answer was given to the socket. */
  onEnded(response: PlainResponse): void;
}

/**
 * The answer to a plain request, with those properties and methods of Node's own response that are used here. Emits `drain`, and
 * `close` where the connection ended before the answer was taken.
 */
export class PlainResponse extends EventEmitter {
  statusCode = 200;
  /** Whether the connection stays for another request; decided until the head is written. */
  shouldKeepAlive = true;
  headersSent = false;
  writableEnded = false;
  readonly #path: AnswerPath;
  readonly #isHeadRequest: boolean;
  /** The head, until the first of the body, or `flushHeaders`, takes it along. */
  #head = "";
  #hasBody = true;
  #isChunked = false;
  #trailers = "";

  constructor(path: AnswerPath, isHeadRequest: boolean) {
    super();
    this.#path = path;
    this.#isHeadRequest = isHeadRequest;
  }

  get socket(): Socket {
    return this.#path.socket;
  }

  get destroyed(): boolean {
    return this.socket.destroyed;
  }

  /** Whether all of it has left for the client. */
  get writableFinished(): boolean {
    return this.writableEnded && this.socket.writableLength === 0;
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** An answer before the answer (103 Early Hints and its like). */
  writeInformation(status: number, headers: readonly string[]): void {
    this.socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${fieldsOf(headers)}\r\n`, "latin1");
  }

  /** @param headers Name, value, name, value … without any of this hop's, which are ours to say. */
  writeHead(status: number, reason: string, headers: readonly string[]): void {
    const fields = fieldsOf(headers);
    this.statusCode = status;
    this.headersSent = true;
    this.#hasBody = !this.#isHeadRequest && status !== 204 && status !== 304;
    this.#isChunked = this.#hasBody && headerValues(headers, "content-length").length === 0;
    let head = `HTTP/1.1 ${status} ${reason}\r\n${fields}`;
    if (headerValues(headers, "date").length === 0) head += `Date: ${httpDate()}\r\n`;
    head += this.shouldKeepAlive
      ? `Connection: keep-alive\r\nKeep-Alive: timeout=${this.#path.keepAliveSeconds}\r\n`
      : "Connection: close\r\n";
    this.#head = this.#isChunked ? `${head}Transfer-Encoding: chunked\r\n\r\n` : `${head}\r\n`;
  }

  flushHeaders(): void {
    if (this.#head === "") return;
    this.socket.write(this.#head, "latin1");
    this.#head = "";
  }

  /** @returns Whether there is room for more; else `drain` tells when. */
  write(piece: Buffer, onWritten: () => void): boolean {
    const { socket } = this;
    if (!this.#hasBody || piece.length === 0) {
      onWritten();
      return !socket.writableNeedDrain;
    }
    socket.cork();
    this.flushHeaders();
    if (this.#isChunked) socket.write(`${piece.length.toString(16)}\r\n`, "latin1");
    let hasRoom = socket.write(piece, onWritten);
    if (this.#isChunked) hasRoom = socket.write("\r\n", "latin1");
    socket.uncork();
    return hasRoom;
  }

  addTrailers(trailers: readonly [string, string][]): void {
    this.#trailers = fieldsOf(trailers.flat());
  }

  /** @param last The rest of the body. */
  end(last: string, encoding: "latin1" | "utf8"): void {
    if (this.writableEnded) return;
    this.writableEnded = true;
    if (encoding === "latin1" && !this.#isChunked) this.#endInOne(last);
    else this.#endWith(Buffer.from(last, encoding));
    this.#path.onEnded(this);
  }

  /** The usual answer: one piece, one write. */
  #endInOne(last: string): void {
    const text = this.#hasBody ? this.#head + last : this.#head;
    this.#head = "";
    if (text !== "") this.socket.write(text, "latin1");
  }

  #endWith(last: Buffer): void {
    const { socket } = this;
    socket.cork();
    this.write(last, () => undefined);
    this.flushHeaders();
    if (this.#isChunked) socket.write(`0\r\n${this.#trailers}\r\n`, "latin1");
    socket.uncork();
  }
}

/** @throws {TypeError} for a line break or its like: whoever makes a header sees to it that there is none. */
function fieldsOf(headers: readonly string[]): string {
  let fields = "";
  for (let index = 0; index < headers.length; index += 2) {
    const value = headers[index + 1] ?? "";
    if (UNSAFE_IN_HEADER.test(value)) throw new TypeError(`the header ${headers[index]} holds a control character`);
    fields += `${headers[index]}: ${value}\r\n`;
  }
  return fields;
}

let lastSecond = 0;
let lastDate = "";

/** Of now (RFC 9110, 5.6.7). */
function httpDate(): string {
  const second = Math.floor(Date.now() / 1_000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastDate = new Date(second * 1_000).toUTCString();
  }
  return lastDate;
}

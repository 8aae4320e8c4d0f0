import type { Socket } from "node:net";
import { PlainRequest, readPlainHead } from "./plain-request.ts";
import { PlainResponse } from "./plain-response.ts";

export interface PlainConnectionDeps {
  /** Longer heads are not read here. */
  readonly maxHeadBytes: number;
  readonly keepAliveMs: number;
  readonly now: () => number;
  readonly onRequest: (request: PlainRequest, response: PlainResponse) => void;
  /** Has Node's parser read the connection from here on, beginning with these bytes. */
  readonly handOver: (socket: Socket, bytes: Buffer) => void;
  /** It is no longer one of ours: closed, or handed over. */
  readonly onGone: (connection: PlainConnection) => void;
}

const MAX_EARLY_BYTES = 64 * 1_024;

/**
 * A client's connection for as long as it brings plain requests, one after the other. What else comes, and all that follows it, is
 * for Node's parser: there is no way back.
 */
export class PlainConnection {
  readonly socket: Socket;
  /** Since when it waits for a request; undefined while one is answered. */
  idleSinceMs: number | undefined;
  hasServed = false;
  readonly #deps: PlainConnectionDeps;
  readonly #listeners: readonly (readonly [string, (...given: never[]) => void])[];
  #response: PlainResponse | undefined;
  /** What came before the answer was out: the next request, or anything. */
  #early: Buffer | undefined;

  constructor(socket: Socket, deps: PlainConnectionDeps) {
    this.socket = socket;
    this.#deps = deps;
    this.idleSinceMs = deps.now();
    this.#listeners = [
      ["data", (bytes: Buffer) => this.#onData(bytes)],
      ["drain", () => this.#response?.emit("drain")],
      ["end", () => this.#onEnd()],
      ["error", () => socket.destroy()],
      ["close", () => this.#onClose()],
    ];
    for (const [event, listener] of this.#listeners) socket.on(event, listener as () => void);
  }

  get keepAliveSeconds(): number {
    return this.#deps.keepAliveMs / 1_000;
  }

  /** Whether nothing is under way on it, and the client has taken all there was. */
  get isIdle(): boolean {
    return this.idleSinceMs !== undefined && this.socket.writableLength === 0;
  }

  /** The clock for the next request runs from when the client has taken all of the answer, not from when it was written. */
  noteIfUntaken(nowMs: number): void {
    if (this.idleSinceMs !== undefined && this.socket.writableLength > 0) this.idleSinceMs = nowMs;
  }

  /** A client that closes its sending half is gone, but for an answer that was all written: that it may still take. */
  #onEnd(): void {
    const { socket } = this;
    if (this.#response?.writableEnded === false) socket.destroy();
    else socket.end(() => socket.destroy());
  }

  #onData(bytes: Buffer): void {
    if (this.idleSinceMs !== undefined) {
      this.#read(bytes);
      return;
    }
    this.#early = this.#early === undefined ? bytes : Buffer.concat([this.#early, bytes]);
    // Until then it is read on, for only a read tells that the client has left.
    if (this.#early.length >= MAX_EARLY_BYTES) this.socket.pause();
  }

  #read(bytes: Buffer): void {
    const { maxHeadBytes, onRequest } = this.#deps;
    if (isEmptyLine(bytes)) return;
    const head = bytes.length > maxHeadBytes ? undefined : readPlainHead(bytes.toString("latin1"));
    if (head === undefined) {
      this.#handOver(bytes);
      return;
    }
    const response = new PlainResponse(this, head.method === "HEAD");
    this.#response = response;
    this.idleSinceMs = undefined;
    onRequest(new PlainRequest(head, this.socket), response);
  }

  /** All of the answer was given to the socket, which may take its time. */
  onEnded({ shouldKeepAlive }: PlainResponse): void {
    const { socket } = this;
    this.hasServed = true;
    if (socket.writableLength === 0) this.#response = undefined;
    if (!shouldKeepAlive) {
      socket.end(() => socket.destroy());
      return;
    }
    this.idleSinceMs = this.#deps.now();
    const early = this.#early;
    if (early === undefined) return;
    this.#early = undefined;
    socket.resume();
    this.#read(early);
  }

  #handOver(bytes: Buffer): void {
    for (const [event, listener] of this.#listeners) this.socket.off(event, listener as () => void);
    this.#deps.onGone(this);
    this.#deps.handOver(this.socket, bytes);
  }

  #onClose(): void {
    this.#deps.onGone(this);
    if (this.#response?.writableFinished === false) this.#response.emit("close");
  }
}

/** It may come before a request and means nothing (RFC 9112, 2.2). Node's parser would wait for the head that it begins. */
function isEmptyLine(bytes: Buffer): boolean {
  return bytes.length === 2 && bytes[0] === 0x0d && bytes[1] === 0x0a;
}

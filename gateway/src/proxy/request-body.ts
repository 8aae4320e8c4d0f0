import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { ClientRequest } from "./client-message.ts";
import { hasBody } from "./framing.ts";
import { free } from "./spent-memory.ts";
import { requestTrailers } from "./trailers.ts";

/** A client's body on its way to the origin: as long as it said, or in chunks again where it came in chunks. */
export interface RequestBody {
  /** Called with each piece that is on its way. */
  start(socket: Socket, onProgress: () => void): void;
  /** The origin has room again. */
  resume(): void;
  /** Stops sending; what the client still says is read and dropped, so that its connection stays good. */
  stop(): void;
  isSent(): boolean;
}

export function createRequestBody(request: ClientRequest): RequestBody {
  return request instanceof IncomingMessage && hasBody(request) ? new StreamedBody(request) : NO_BODY;
}

const NO_BODY: RequestBody = {
  start: () => undefined,
  resume: () => undefined,
  stop: () => undefined,
  isSent: () => true,
};

class StreamedBody implements RequestBody {
  readonly #request: IncomingMessage;
  readonly #isChunked: boolean;
  #isSent = false;
  #stop: (() => void) | undefined;

  constructor(request: IncomingMessage) {
    this.#request = request;
    this.#isChunked = request.headers["transfer-encoding"] !== undefined;
  }

  start(socket: Socket, onProgress: () => void): void {
    const request = this.#request;
    const onData = (piece: Buffer) => {
      onProgress();
      if (!this.#write(socket, piece)) request.pause();
    };
    const onEnd = () => {
      this.#isSent = true;
      if (this.#isChunked) socket.write(`0\r\n${requestTrailers(request)}\r\n`, "latin1");
    };
    request.on("data", onData).once("end", onEnd);
    this.#stop = () => request.off("data", onData).off("end", onEnd).resume();
  }

  resume(): void {
    if (this.#stop !== undefined) this.#request.resume();
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  isSent(): boolean {
    return this.#isSent;
  }

  #write(socket: Socket, piece: Buffer): boolean {
    if (!this.#isChunked) return socket.write(piece, () => free(piece));
    socket.cork();
    socket.write(`${piece.length.toString(16)}\r\n`, "latin1");
    socket.write(piece, () => free(piece));
    const hasRoom = socket.write("\r\n", "latin1");
    socket.uncork();
    return hasRoom;
  }
}

import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { PlainRequest } from "../plain/plain-request.ts";

/** A client's request, as Node's parser or the plain lane read it. */
export type ClientRequest = IncomingMessage | PlainRequest;

/** What is used of a response to a client: Node's own, or one to a plain request. */
export interface ClientResponse {
  statusCode: number;
  /** Whether the connection stays for another request; decided until the head is written. */
  shouldKeepAlive: boolean;
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  readonly destroyed: boolean;
  /** Null while the answer waits behind another. */
  readonly socket: Socket | null;
  writeInformation(status: number, headers: string[]): void;
  writeHead(status: number, reason: string | undefined, headers: string[]): void;
  flushHeaders(): void;
  write(piece: Buffer, onWritten: () => void): boolean;
  addTrailers(trailers: readonly [string, string][]): void;
  end(text: string, encoding: "latin1" | "utf8"): void;
  destroy(): void;
  once(event: "close" | "drain", listener: () => void): unknown;
  once(event: "socket", listener: (socket: Socket) => void): unknown;
}

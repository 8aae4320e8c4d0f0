import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { HEADERS, type RefusalBody, type RefusalReason } from "@gatehouse/access-client/contract";
import { plainAddress } from "./client-facts.ts";
import { ERROR_WORDS, REASONS } from "./reasons.ts";
import type { RecordDeps } from "./record-visit.ts";
import { newRayId } from "./visit.ts";

interface Answer {
  readonly status: number;
  readonly reason: RefusalReason;
}

/** A client that connected and never began to say anything. */
export class SilentClientError extends Error {
  readonly code = "SILENT_CLIENT";
}

/** By Node's code, or that. A target that is too long is 431 too: the parser does not say which part of the head it was. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: "headers_too_large" },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: "bad_request" },
  SILENT_CLIENT: { status: 408, reason: "bad_request" },
};
const UNREADABLE: Answer = { status: 400, reason: "bad_request" };
/** A client that still sends has this long to read the answer: closing on it at once would be a reset, which takes the answer away. */
const LINGER_MS = 1_000;

export interface ClientErrors {
  /** Notes a response under way, so that no error is written into the middle of it. */
  watch(request: IncomingMessage, response: ServerResponse): void;
  /** Whether a request on this connection still waits for the end of its answer. */
  isBusy(socket: Duplex): boolean;
  /** Whether the answer was ended, and the client has not taken all of it. */
  isUntaken(socket: Duplex): boolean;
  /** Answers what Node's parser refused, in the form of any refusal, and closes the connection. */
  answer(error: NodeJS.ErrnoException, socket: Duplex): void;
}

const latest = Symbol("latest response");
const isRefused = Symbol("refused");

/** Answers leave a connection in the order of their requests, so the latest tells about all. */
interface WatchedSocket extends Duplex {
  [latest]?: ServerResponse;
  [isRefused]?: true;
}

export function createClientErrors(deps: Omit<RecordDeps, "requestLog">): ClientErrors {
  const isBusy = (socket: WatchedSocket) => {
    const response = socket[latest];
    return response !== undefined && !response.writableFinished && !response.destroyed;
  };
  return {
    isBusy,
    isUntaken: (socket: WatchedSocket) => isBusy(socket) && socket[latest]?.writableEnded === true,
    watch({ socket }, response) {
      (socket as WatchedSocket)[latest] = response;
    },
    answer(error, socket: WatchedSocket) {
      // What still comes of a request that was refused cannot be read either.
      if (socket[isRefused]) return;
      const response = socket[latest];
      // One that waits behind another has no connection yet: the other is being answered.
      const isAnswering = isBusy(socket) && (response?.headersSent === true || response?.socket === null);
      if (error.code === "ECONNRESET" || !socket.writable || isAnswering) {
        socket.destroy();
        return;
      }
      socket[isRefused] = true;
      const rayId = newRayId();
      const refusal = ANSWERS[error.code ?? ""] ?? UNREADABLE;
      record(error.code ?? "", socket, { rayId, ...refusal }, deps);
      const text = refusalText(refusal, rayId);
      // A request whose body broke off has nothing to wait for.
      if (isBusy(socket)) socket.end(text, () => socket.destroy());
      else linger(socket.end(text));
    },
  };
}

function linger(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
}

function record(
  detail: string,
  socket: Duplex,
  { rayId, status, reason }: Answer & { readonly rayId: string },
  { logger, audit, metrics }: Omit<RecordDeps, "requestLog">,
): void {
  const ip = plainAddress((socket as Socket).remoteAddress ?? "");
  const outcome = { decision: "refused", reason } as const;
  logger.info({ rayId, ip, status, ...outcome, detail }, "request");
  metrics.requestStarted();
  metrics.requestFinished(outcome, 0, undefined);
  const event = { kind: "access", event: "request.refused", isAllowed: false, reason } as const;
  audit.record({ ...event, actor: { kind: "unknown" }, ip, rayId, detail: { detail } });
}

function refusalText({ status, reason }: Answer, ray_id: string): string {
  const { message } = REASONS[reason];
  const error = ERROR_WORDS[status] ?? "error";
  const body: RefusalBody = { error, reason, message, status_code: status, aud: "", ray_id };
  const text = `${JSON.stringify(body)}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Content-Type: application/json",
    "Cache-Control: no-store",
    "Connection: close",
    `${HEADERS.ray}: ${ray_id}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${text}`;
}

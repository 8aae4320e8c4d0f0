import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { HEADERS, type RefusalBody } from "@gatehouse/access-client/contract";
import { plainAddress } from "./client-facts.ts";
import { REASONS } from "./reasons.ts";
import type { RecordDeps } from "./record-visit.ts";
import { newRayId } from "./visit.ts";

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

export interface ClientErrors {
  /** Notes a response under way, so that no error is written into the middle of it. */
  watch(request: IncomingMessage, response: ServerResponse): void;
  /** Whether a request on this connection still waits for the end of its answer. */
  isBusy(socket: Duplex): boolean;
  /** Answers what Node's parser refused, in the form of any refusal, and closes the connection. */
  answer(error: NodeJS.ErrnoException, socket: Duplex): void;
}

const latest = Symbol("latest response");

/** Answers leave a connection in the order of their requests, so the latest tells about all. */
interface WatchedSocket extends Duplex {
  [latest]?: ServerResponse;
}

export function createClientErrors(deps: Omit<RecordDeps, "requestLog">): ClientErrors {
  const isBusy = (socket: WatchedSocket) => {
    const response = socket[latest];
    return response !== undefined && !response.writableFinished && !response.destroyed;
  };
  return {
    isBusy,
    watch({ socket }, response) {
      (socket as WatchedSocket)[latest] = response;
    },
    answer(error, socket: WatchedSocket) {
      const response = socket[latest];
      // One that waits behind another has no connection yet: the other is being answered.
      const isAnswering = isBusy(socket) && (response?.headersSent === true || response?.socket === null);
      if (error.code === "ECONNRESET" || !socket.writable || isAnswering) {
        socket.destroy();
        return;
      }
      const rayId = newRayId();
      const status = STATUS_LINES[error.code ?? ""] ?? "400 Bad Request";
      record(error.code ?? "", socket, { rayId, status: Number.parseInt(status, 10) }, deps);
      socket.end(refusalText(status, rayId), () => socket.destroy());
    },
  };
}

function record(
  detail: string,
  socket: Duplex,
  { rayId, status }: { readonly rayId: string; readonly status: number },
  { logger, audit, metrics }: Omit<RecordDeps, "requestLog">,
): void {
  const ip = plainAddress((socket as Socket).remoteAddress ?? "");
  const outcome = { decision: "refused", reason: "bad_request" } as const;
  logger.info({ rayId, ip, status, ...outcome, detail }, "request");
  metrics.requestStarted();
  metrics.requestFinished(outcome, 0, undefined);
  const event = { kind: "access", event: "request.refused", isAllowed: false, reason: "bad_request" } as const;
  audit.record({ ...event, actor: { kind: "unknown" }, ip, rayId, detail: { detail } });
}

function refusalText(status: string, ray_id: string): string {
  const { message } = REASONS.bad_request;
  const status_code = Number.parseInt(status, 10);
  const body: RefusalBody = { error: "bad_request", reason: "bad_request", message, status_code, aud: "", ray_id };
  const text = `${JSON.stringify(body)}\n`;
  const head = [
    `HTTP/1.1 ${status}`,
    "Content-Type: application/json",
    "Cache-Control: no-store",
    "Connection: close",
    `${HEADERS.ray}: ${ray_id}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${text}`;
}

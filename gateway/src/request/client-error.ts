import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { HEADERS, type RefusalBody } from "@gatehouse/access-client/contract";
import type { Logger } from "@gatehouse/service";
import { REASONS } from "./reasons.ts";
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

export function createClientErrors(logger: Logger): ClientErrors {
  const underWay = new WeakMap<Duplex, Set<ServerResponse>>();
  return {
    watch({ socket }, response) {
      const responses = underWay.get(socket) ?? new Set();
      underWay.set(socket, responses.add(response));
      response.once("close", () => responses.delete(response));
    },
    isBusy: (socket) => (underWay.get(socket)?.size ?? 0) > 0,
    answer(error, socket) {
      const isAnswering = [...(underWay.get(socket) ?? [])].some(({ headersSent }) => headersSent);
      if (error.code === "ECONNRESET" || !socket.writable || isAnswering) {
        socket.destroy();
        return;
      }
      const rayId = newRayId();
      const status = STATUS_LINES[error.code ?? ""] ?? "400 Bad Request";
      const line = { rayId, status: Number.parseInt(status, 10), decision: "refused", reason: "bad_request" };
      logger.info({ ...line, detail: error.code }, "request");
      socket.end(refusalText(status, rayId), () => socket.destroy());
    },
  };
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

import type { Duplex } from "node:stream";
import { HEADERS, type RefusalBody } from "@gatehouse/access-client/contract";
import type { Logger } from "@gatehouse/service";
import { REASONS } from "./reasons.ts";
import { newRayId } from "./visit.ts";

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** Answers what Node's parser refused, in the same form as any refusal, and closes the connection. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex, logger: Logger): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const rayId = newRayId();
  const statusLine = STATUS_LINES[error.code ?? ""] ?? "400 Bad Request";
  const status_code = Number.parseInt(statusLine, 10);
  logger.info(
    { rayId, status: status_code, decision: "refused", reason: "bad_request", detail: error.code },
    "request",
  );
  const { message } = REASONS.bad_request;
  const body: RefusalBody = {
    error: "bad_request",
    reason: "bad_request",
    message,
    status_code,
    aud: "",
    ray_id: rayId,
  };
  const text = `${JSON.stringify(body)}\n`;
  const head = [
    `HTTP/1.1 ${statusLine}`,
    "Content-Type: application/json",
    "Cache-Control: no-store",
    "Connection: close",
    `${HEADERS.ray}: ${rayId}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}

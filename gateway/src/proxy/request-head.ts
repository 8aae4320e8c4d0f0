import type { ClientRequest } from "./client-message.ts";
import { framingHeaders } from "./framing.ts";
import { isForOrigin, type RawHeaders } from "./headers.ts";
import { declaredTrailers } from "./trailers.ts";

/**
 * The head of a request as the origin gets it. What frames the request is written by us, from what Node's parser made of the
 * client's: nothing that the client said about this hop is passed on.
 */
export function requestHead(request: ClientRequest, path: string, headers: RawHeaders, asksUpgrade: boolean): string {
  let head = `${request.method} ${path} HTTP/1.1\r\n`;
  for (let index = 0; index < headers.length; index += 2) head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  if (asksUpgrade) return `${head}connection: Upgrade\r\nupgrade: websocket\r\n\r\n`;
  const { te, expect, "transfer-encoding": coding } = framingHeaders(request);
  if (coding !== undefined) {
    head += "transfer-encoding: chunked\r\n";
    const trailers = declaredTrailers(request.rawHeaders, isForOrigin);
    if (trailers.length > 0) head += `trailer: ${trailers.join(", ")}\r\n`;
  }
  if (expect !== undefined) head += "expect: 100-continue\r\n";
  if (te !== undefined && /\btrailers\b/i.test(String(te))) head += "te: trailers\r\nconnection: te\r\n";
  return `${head}\r\n`;
}

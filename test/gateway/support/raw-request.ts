import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly text: string;
}

/** Sends bytes as they are and reads until the connection ends. Add `Connection: close` where a kept-alive one would stay. */
export async function sendRaw(port: number, bytes: string): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(bytes, "latin1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", () => undefined);
  await once(socket, "close");
  const text = Buffer.concat(chunks).toString("latin1");
  const [head = "", ...rest] = text.split("\r\n\r\n");
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: rest.join("\r\n\r\n"), text };
}

/** The bytes of a request with exactly these header lines, and `Connection: close`. */
export function rawRequest(target: string, headerLines: readonly string[], method = "GET", body = ""): string {
  return `${method} ${target} HTTP/1.1\r\n${[...headerLines, "Connection: close"].join("\r\n")}\r\n\r\n${body}`;
}

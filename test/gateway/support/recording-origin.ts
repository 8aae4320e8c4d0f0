import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** What reached the origin, byte for byte as Node's parser gives it. */
interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  /** Values of a header, in order. */
  values(name: string): string[];
  readonly body: Buffer;
}

export interface RecordingOrigin {
  readonly url: string;
  readonly port: number;
  readonly requests: RecordedRequest[];
  /** Replaces the default answer, `200 {"ok":true}`, until the next call. */
  answerWith(handler: (request: IncomingMessage, response: ServerResponse) => void): void;
  upgradeWith(handler: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  close(): Promise<void>;
}

/** A real server that remembers every request. */
export async function startRecordingOrigin(): Promise<RecordingOrigin> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Duplex>();
  let answer = (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
  };
  let streams = false;
  const server = createServer(async (request, response) => {
    if (streams) {
      requests.push(recordOf(request, Buffer.alloc(0)));
    } else {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of request) chunks.push(chunk as Buffer);
      } catch {
        // The gateway left in the middle of a body: nobody waits for an answer.
        return;
      }
      requests.push(recordOf(request, Buffer.concat(chunks)));
    }
    answer(request, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    answerWith(handler) {
      streams = true;
      answer = handler;
    },
    upgradeWith(handler) {
      server.removeAllListeners("upgrade");
      server.on("upgrade", (request, socket, head) => {
        requests.push(recordOf(request, Buffer.alloc(0)));
        handler(request, socket, head);
      });
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function recordOf(request: IncomingMessage, body: Buffer): RecordedRequest {
  const { method = "", url = "", rawHeaders } = request;
  return {
    method,
    url,
    rawHeaders,
    body,
    values(name) {
      return rawHeaders.filter(
        (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name.toLowerCase(),
      );
    },
  };
}

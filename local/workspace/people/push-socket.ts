import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Pushes } from "../chat/pushes.ts";

/** The pages' WebSockets: the server speaks, the page only listens. */
export interface PushSocket {
  accept(personId: string, request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/** Pages send nothing; a frame beyond this ends the connection. */
const MAX_FRAME_BYTES = 1024;

export function createPushSocket(pushes: Pushes): PushSocket {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const open = new Set<WebSocket>();
  return {
    accept(personId, request, socket, head) {
      server.handleUpgrade(request, socket, head, (page) => {
        const end = pushes.subscribe(personId, (push) => page.send(JSON.stringify(push)));
        open.add(page);
        page.on("error", () => page.terminate());
        page.on("close", () => {
          end();
          open.delete(page);
        });
      });
    },
    close() {
      for (const page of open) page.terminate();
      server.close();
    },
  };
}

import type { ServerResponse } from "node:http";
import { Roster, type Seat } from "./roster.ts";

/** The requests that wait for the end of their answer. WebSockets are none of them once they are open. */
export interface OpenRequests {
  enter(response: ServerResponse): Seat<ServerResponse>;
  /** Whether there are more than may be, and the one that came last should be turned away. */
  isCrowded(): boolean;
  leave(seat: Seat<ServerResponse>): void;
  count(): number;
  /** From now on every answer ends its connection, so that clients move on to another gateway. */
  endConnections(): void;
  /** Resolves when no request is open any more, or after `graceMs`. */
  drain(graceMs: number): Promise<void>;
}

export function createOpenRequests(max: number): OpenRequests {
  const open = new Roster<ServerResponse>();
  let whenEmpty: (() => void) | undefined;
  let isEnding = false;
  return {
    enter(response) {
      if (isEnding) response.shouldKeepAlive = false;
      return open.add(response);
    },
    isCrowded: () => open.size > max,
    leave(seat) {
      open.delete(seat);
      if (open.size === 0) whenEmpty?.();
    },
    count: () => open.size,
    endConnections() {
      isEnding = true;
      for (const response of open.all()) if (!response.headersSent) response.shouldKeepAlive = false;
    },
    async drain(graceMs) {
      if (open.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      whenEmpty = resolve;
      const timer = setTimeout(resolve, graceMs);
      await promise;
      clearTimeout(timer);
    },
  };
}

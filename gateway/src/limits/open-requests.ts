import type { ClientResponse } from "../proxy/client-message.ts";
import { Roster, type Seat } from "./roster.ts";

export interface OpenRequestsOptions {
  readonly max: number;
  readonly maxPerAddress: number;
}

/** The requests that wait for the end of their answer. WebSockets are none of them once they are open. */
export interface OpenRequests {
  enter(response: ClientResponse, network: string): Seat<ClientResponse>;
  /** Why the one that came last should be turned away: there are more than may be, or more of its network. Else undefined. */
  crowding(network: string): "overloaded" | "too_many_open_requests" | undefined;
  leave(seat: Seat<ClientResponse>, network: string): void;
  count(): number;
  /** From now on every answer ends its connection, so that clients move on to another gateway. */
  endConnections(): void;
  /** Resolves when no request is open any more, or after `graceMs`. */
  drain(graceMs: number): Promise<void>;
}

export function createOpenRequests({ max, maxPerAddress }: OpenRequestsOptions): OpenRequests {
  const open = new Roster<ClientResponse>();
  const byNetwork = new Map<string, number>();
  let whenEmpty: (() => void) | undefined;
  let isEnding = false;
  return {
    enter(response, network) {
      if (isEnding) response.shouldKeepAlive = false;
      byNetwork.set(network, (byNetwork.get(network) ?? 0) + 1);
      return open.add(response);
    },
    crowding(network) {
      if (open.size > max) return "overloaded";
      return (byNetwork.get(network) ?? 0) > maxPerAddress ? "too_many_open_requests" : undefined;
    },
    leave(seat, network) {
      if (open.delete(seat)) {
        const left = (byNetwork.get(network) ?? 0) - 1;
        if (left > 0) byNetwork.set(network, left);
        else byNetwork.delete(network);
      }
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

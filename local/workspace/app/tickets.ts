import { randomBytes } from "node:crypto";
import { BoundedMap } from "../bounded-map.ts";

/** What lets an app open one socket. */
export interface Tickets {
  issue(): string;
  /** False when the ticket is unknown or used. */
  take(ticket: string): boolean;
}

/** An app that asks and never connects is an app in trouble; it gets no more than this many. */
const MAX_KEPT = 20;

export function createTickets(): Tickets {
  const issued = new BoundedMap<string, true>(MAX_KEPT);
  return {
    issue() {
      const ticket = randomBytes(18).toString("base64url");
      issued.set(ticket, true);
      return ticket;
    },
    take: (ticket) => issued.delete(ticket),
  };
}

import { Roster, type Seat } from "../limits/roster.ts";

/** Something between a client and an origin that is under way: a WebSocket, or a request whose answer is not over. */
interface OpenExchange {
  readonly isWebSocket: boolean;
  /** Whether its request would still be let in. */
  mayStay(): boolean | Promise<boolean>;
  cut(): void;
  /** Told once when it may not stay, and is cut for that. */
  onRefused?(): void;
}

export interface OpenExchanges {
  /** @returns Takes it out again. */
  add(exchange: OpenExchange): () => void;
  /** Asks for all of them now: called when the store changed. */
  review(): void;
  cutAll(): void;
  webSockets(): number;
}

/** Expiry comes without a change in the store, so it is looked for at this pace. */
const REVIEW_INTERVAL_MS = 1_000;

/** Nobody stays connected on a credential that has died: all that is open is asked again and again whether it may stay. */
export function createOpenExchanges(): OpenExchanges {
  const open = new Roster<OpenExchange>();
  const review = () => {
    for (const seat of open.seats()) void reviewOne(seat, open);
  };
  const timer = setInterval(review, REVIEW_INTERVAL_MS).unref();
  return {
    add(exchange) {
      const seat = open.add(exchange);
      return () => open.delete(seat);
    },
    review,
    webSockets: () => open.all().filter(({ isWebSocket }) => isWebSocket).length,
    cutAll() {
      clearInterval(timer);
      for (const exchange of open.all()) exchange.cut();
    },
  };
}

/** A question that cannot be answered is a no. */
async function reviewOne(seat: Seat<OpenExchange>, open: Roster<OpenExchange>): Promise<void> {
  const { member: exchange } = seat;
  try {
    if (await exchange.mayStay()) return;
  } catch {
    // Cut below.
  }
  // Another review may have come to the same answer meanwhile.
  if (!open.delete(seat)) return;
  exchange.onRefused?.();
  exchange.cut();
}

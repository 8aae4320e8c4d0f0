/** WebSockets that are open, each with a question that is asked again and again: may it stay? */
export interface OpenSockets {
  add(socket: { readonly mayStay: () => Promise<boolean>; readonly close: () => void }): () => void;
  /** Asks for all of them now: called when the store changed. */
  review(): void;
  closeAll(): void;
  count(): number;
}

/** Expiry comes without a change in the store, so it is looked for at this pace. */
const REVIEW_INTERVAL_MS = 1_000;

export function createOpenSockets(): OpenSockets {
  const open = new Set<{ readonly mayStay: () => Promise<boolean>; readonly close: () => void }>();
  const review = () => {
    for (const socket of open) {
      // A question that cannot be answered is a no.
      socket.mayStay().then(
        (mayStay) => (mayStay ? undefined : socket.close()),
        () => socket.close(),
      );
    }
  };
  const timer = setInterval(review, REVIEW_INTERVAL_MS).unref();
  return {
    add(socket) {
      open.add(socket);
      return () => open.delete(socket);
    },
    review,
    count: () => open.size,
    closeAll() {
      clearInterval(timer);
      for (const socket of open) socket.close();
    },
  };
}

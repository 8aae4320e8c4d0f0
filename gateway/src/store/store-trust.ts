import type { Logger } from "@gatehouse/service";

/** How far what is in memory may be believed. */
export type StoreTrust =
  /** All changes up to a moment ago are in force. */
  | "current"
  /** The store does not answer. What is known is believed for a while; what is not known cannot be told from what is new. */
  | "grace"
  /** It has not answered for longer than that: everything may have been revoked by now. */
  | "none";

/** Without an answer for so long, the store counts as gone. Above what a machine at its limit takes for a poll. */
const STALE_AFTER_MS = 4_000;

/** Goes by the time since the store last answered, whatever the clock on the wall does. */
export class TrustGauge {
  readonly #graceMs: number;
  readonly #logger: Logger;
  #answeredAtMs = performance.now();
  #told: StoreTrust = "current";

  constructor(graceMs: number, logger: Logger) {
    this.#graceMs = graceMs;
    this.#logger = logger;
  }

  /** @param askedAtMs By `performance.now()`: what was committed later may be missing in the answer. */
  answered(askedAtMs: number): void {
    this.#answeredAtMs = askedAtMs;
  }

  read(): StoreTrust {
    const silentForMs = performance.now() - this.#answeredAtMs;
    if (silentForMs < STALE_AFTER_MS) return "current";
    return silentForMs < this.#graceMs ? "grace" : "none";
  }

  staleForMs(): number {
    return this.read() === "current" ? 0 : Math.round(performance.now() - this.#answeredAtMs);
  }

  /** Says it once when it changes. */
  tell(error: unknown): void {
    const trust = this.read();
    if (trust === this.#told) return;
    this.#told = trust;
    const facts = { err: error, graceMs: this.#graceMs };
    if (trust === "current") this.#logger.info("the store answers again");
    else if (trust === "grace") this.#logger.error(facts, "the store does not answer: only what is known is let in");
    else this.#logger.error(facts, "the store has not answered for too long: nobody is let in until it does");
  }
}

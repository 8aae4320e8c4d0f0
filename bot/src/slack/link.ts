import type { Receiver } from "@slack/bolt";

/** The connection to Slack, of either kind. */
export interface SlackLink {
  readonly receiver: Receiver;
  /** Begins to receive; gives the port where it listens on one. */
  start(): Promise<{ readonly port?: number }>;
  /** Receives nothing more. */
  stop(graceMs: number): Promise<void>;
}

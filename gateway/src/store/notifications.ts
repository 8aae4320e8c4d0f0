import type { Logger } from "@gatehouse/service";
import { connectionConfig } from "@gatehouse/service/store";
import { Client } from "pg";
import { CHANGES_CHANNEL } from "./append-change.ts";

export interface ListenDeps {
  readonly logger: Logger;
  /** Something was committed, or may have been while nobody listened. */
  readonly onChange: () => void;
}

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** A connection that only listens would not notice that the other end is gone. */
const HEARTBEAT_INTERVAL_MS = 15_000;

/**
 * Listens for changes on a connection of its own, and connects again for as long as it takes.
 *
 * @returns What ends it.
 */
export function listenForChanges(url: string, deps: ListenDeps): () => void {
  const listener = new Listener(url, deps);
  return () => listener.close();
}

class Listener {
  readonly #url: string;
  readonly #deps: ListenDeps;
  readonly #heartbeat: NodeJS.Timeout;
  #client: Client | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(url: string, deps: ListenDeps) {
    this.#url = url;
    this.#deps = deps;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_INTERVAL_MS).unref();
    void this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#retryTimer);
    this.#drop();
  }

  #beat(): void {
    const client = this.#client;
    client?.query("SELECT 1").catch(() => this.#retry(client));
  }

  async #connect(): Promise<void> {
    this.#retryTimer = undefined;
    try {
      // May throw too: the URL can name a certificate's file.
      const client = new Client(connectionConfig(this.#url, "gateway"));
      this.#client = client;
      client.on("notification", this.#deps.onChange);
      client.on("error", () => undefined);
      client.once("end", () => this.#retry(client));
      await client.connect();
      await client.query(`LISTEN ${CHANGES_CHANNEL}`);
      this.#failures = 0;
      this.#deps.onChange();
    } catch (error) {
      this.#deps.logger.debug({ err: error }, "no connection to listen for changes yet");
      this.#retry(this.#client);
    }
  }

  #retry(client: Client | undefined): void {
    if (this.#isClosed || this.#retryTimer !== undefined || client !== this.#client) return;
    this.#drop();
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, MAX_RETRY_MS);
    this.#failures += 1;
    this.#retryTimer = setTimeout(() => void this.#connect(), waitMs).unref();
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.end().catch(() => undefined);
  }
}

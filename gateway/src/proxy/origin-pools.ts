import { Roster, type Seat } from "../limits/roster.ts";
import { OriginConnection, type OriginExchange } from "./origin-connection.ts";
import { type OriginAddress, openOriginSocket } from "./origin-socket.ts";

export interface OriginTimeouts {
  /** Until the TCP (and TLS) connection stands. */
  readonly connectMs: number;
  /** Until the head of the answer is there. Bodies have no limit: a stream may be silent for hours. */
  readonly responseMs: number;
}

export interface OriginPools {
  for(origin: string): OriginPool;
  close(): void;
}

/** Node's own agents leave so much of what the origin promised, for the request must not meet the end of the connection. */
const KEEP_ALIVE_MARGIN_MS = 1_000;
const MAX_KEEP_ALIVE_MS = 10 * 60_000;
const MAX_SWEEP_INTERVAL_MS = 1_000;

/** The connection, or the head of the answer, was not there in time. */
class OriginTimeoutError extends Error {
  readonly code: "ORIGIN_CONNECT_TIMEOUT" | "ORIGIN_RESPONSE_TIMEOUT";

  constructor(code: OriginTimeoutError["code"]) {
    super(code);
    this.code = code;
  }
}

/** One pool of kept-alive connections per origin, made when first needed. TLS is verified. */
export function createOriginPools(timeouts: OriginTimeouts): OriginPools {
  const pools = new Map<string, OriginPool>();
  const sweepMs = Math.min(MAX_SWEEP_INTERVAL_MS, timeouts.responseMs / 2);
  const sweep = setInterval(() => {
    for (const pool of pools.values()) pool.sweep(performance.now());
  }, sweepMs).unref();
  return {
    for(origin) {
      const known = pools.get(origin);
      if (known !== undefined) return known;
      const made = new OriginPool(origin, timeouts);
      pools.set(origin, made);
      return made;
    },
    close() {
      clearInterval(sweep);
      for (const pool of pools.values()) pool.destroy();
    },
  };
}

/** An exchange whose answer has not begun. */
export interface Waiting {
  /** Of `performance.now()`. */
  readonly answerBy: number;
  cancel(error: Error): void;
}

/** The connections of one origin: the one used last is used next, so that those too many fall idle and end. */
export class OriginPool {
  readonly #timeouts: OriginTimeouts;
  readonly #address: OriginAddress;
  readonly #idle: OriginConnection[] = [];
  readonly #open = new Set<OriginConnection>();
  readonly #waiting = new Roster<Waiting>();

  constructor(origin: string, timeouts: OriginTimeouts) {
    const { protocol, hostname, port } = new URL(origin);
    const host = hostname.replace(/^\[|\]$/g, "");
    this.#timeouts = timeouts;
    const isTls = protocol === "https:";
    this.#address = { host, port: Number(port || (isTls ? 443 : 80)), isTls };
  }

  /**
   * Sends a request on an idle connection, or on a new one: always where it may become a WebSocket, which is read in another way.
   *
   * @param isFresh Never on one that was used before.
   */
  send(exchange: OriginExchange, isFresh = false): OriginConnection {
    const idle = isFresh || exchange.asksUpgrade ? undefined : this.#takeIdle();
    if (idle === undefined) return this.#connect(exchange);
    idle.assign(exchange);
    idle.startSoon();
    return idle;
  }

  /** Watches that an answer begins in time. */
  await(waiting: Waiting): Seat<Waiting> {
    return this.#waiting.add(waiting);
  }

  answered(seat: Seat<Waiting>): void {
    this.#waiting.delete(seat);
  }

  answerBy(): number {
    return performance.now() + this.#timeouts.responseMs;
  }

  /** Ends what is late: answers that did not begin, connections that were idle for too long. */
  sweep(now: number): void {
    for (const waiting of this.#waiting.all()) {
      if (now >= waiting.answerBy) waiting.cancel(new OriginTimeoutError("ORIGIN_RESPONSE_TIMEOUT"));
    }
    for (const connection of this.#idle) if (now >= connection.idleUntil) connection.destroy();
  }

  destroy(): void {
    for (const connection of this.#open) connection.socket.destroy();
  }

  #takeIdle(): OriginConnection | undefined {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (connection.isUsable && performance.now() < connection.idleUntil) return connection;
      connection.destroy();
    }
    return undefined;
  }

  #connect(exchange: OriginExchange): OriginConnection {
    const connection = new OriginConnection(
      (onData) => openOriginSocket(this.#address, { maySwitch: exchange.asksUpgrade, onData }),
      (idle, keepAliveMs) => this.#keep(idle, keepAliveMs),
    );
    const { socket } = connection;
    this.#open.add(connection);
    connection.assign(exchange);
    const late = setTimeout(() => {
      connection.destroy(new OriginTimeoutError("ORIGIN_CONNECT_TIMEOUT"));
    }, this.#timeouts.connectMs);
    socket.once(this.#address.isTls ? "secureConnect" : "connect", () => {
      clearTimeout(late);
      connection.start();
    });
    socket.once("close", () => {
      clearTimeout(late);
      this.#forget(connection);
    });
    return connection;
  }

  #keep(connection: OriginConnection, keepAliveMs: number): void {
    const leftMs = Math.min(keepAliveMs, MAX_KEEP_ALIVE_MS) - KEEP_ALIVE_MARGIN_MS;
    if (leftMs <= 0) {
      connection.destroy();
      return;
    }
    connection.idleUntil = performance.now() + leftMs;
    this.#idle.push(connection);
  }

  #forget(connection: OriginConnection): void {
    this.#open.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
  }
}

import type { Socket } from "node:net";
import { atEndOfTurn } from "./end-of-turn.ts";
import { BadResponseError, type ResponseListener, ResponseParser } from "./response-parser.ts";

/** One request and what is to be done with its answer. */
export interface OriginExchange extends ResponseListener {
  readonly method: string;
  /** Request line and headers, up to and with the empty line; latin1. */
  readonly head: string;
  readonly asksUpgrade: boolean;
  /** The connection stands and the head is on its way: time for the body. */
  onSending(connection: OriginConnection): void;
  /** The origin took what was written: there is room for more of the body. */
  onDrain(): void;
  /** Whether the whole request was written: otherwise nobody else's may follow it. */
  isSent(): boolean;
  /** After each read: what has come so far should go on its way. */
  onPause(): void;
  /** Another protocol was agreed. @param rest What the origin already said in it. */
  onSwitched(socket: Socket, rest: Buffer | undefined): void;
  /** Called once, and nothing after it. */
  onError(error: Error): void;
}

/** The origin ended the connection before its answer was complete. */
class OriginClosedError extends Error {
  readonly code = "ORIGIN_CLOSED";
}

/** One connection to an origin, with one exchange at a time. */
export class OriginConnection {
  readonly socket: Socket;
  /** Whether an answer has come over it before: then the origin may just have closed it. */
  isReused = false;
  /** Until when an idle one may be used again; of `performance.now()`. */
  idleUntil = 0;
  readonly #onIdle: (connection: OriginConnection, keepAliveMs: number) => void;
  #exchange: OriginExchange | undefined;
  #parser: ResponseParser | undefined;
  #error: Error | undefined;

  /** @param open Opens the socket, and gives each piece that it reads to its argument. */
  constructor(
    open: (onData: (piece: Buffer) => void) => Socket,
    onIdle: (connection: OriginConnection, keepAliveMs: number) => void,
  ) {
    const socket = open((piece) => this.#onData(piece));
    this.socket = socket;
    this.#onIdle = onIdle;
    socket.on("drain", () => this.#exchange?.onDrain());
    socket.on("end", () => this.#onOriginEnd());
    socket.on("error", (error) => {
      this.#error = error;
    });
    socket.on("close", () => this.#fail(this.#error ?? new OriginClosedError()));
  }

  get isUsable(): boolean {
    return this.socket.writable && !this.socket.readableEnded;
  }

  /** Takes the exchange on; its head is written by `start`, once the connection stands. */
  assign(exchange: OriginExchange): void {
    this.#exchange = exchange;
  }

  /** Until now nothing was asked: what has come before is nobody's answer. */
  start(): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    if (!this.isUsable) {
      // It ended since it was chosen: nothing is begun on it, so that the exchange may begin elsewhere.
      this.socket.destroy();
      return;
    }
    this.#parser = new ResponseParser(exchange.method, exchange.asksUpgrade, exchange);
    this.socket.write(exchange.head, "latin1");
    exchange.onSending(this);
  }

  /** Once all that came in with this turn was dealt with. */
  startSoon(): void {
    atEndOfTurn(() => this.start());
  }

  /** Ends the connection; the exchange hears of it, unless it is the one that asked for it. */
  destroy(error?: Error): void {
    if (error === undefined) this.#exchange = undefined;
    this.socket.destroy(error);
  }

  #onData(piece: Buffer): void {
    const parser = this.#parser;
    const exchange = this.#exchange;
    // Bytes that nobody asked for must not become anyone's answer.
    if (exchange === undefined || parser === undefined) {
      this.socket.destroy();
      return;
    }
    try {
      const rest = parser.feed(piece);
      if (parser.isSwitched) this.#handOver(exchange, rest);
      else if (parser.isDone) this.#finish(exchange, parser);
      else exchange.onPause();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new BadResponseError("BAD_RESPONSE_HEAD"));
      this.socket.destroy();
    }
  }

  #finish(exchange: OriginExchange, parser: ResponseParser): void {
    this.#exchange = undefined;
    this.#parser = undefined;
    const { keepAliveMs } = parser;
    if (keepAliveMs > 0 && exchange.isSent()) {
      this.isReused = true;
      this.#onIdle(this, keepAliveMs);
    } else {
      this.socket.destroy();
    }
  }

  #handOver(exchange: OriginExchange, rest: Buffer | undefined): void {
    this.#exchange = undefined;
    // Not those of "close", by which the pool forgets it.
    for (const event of ["data", "drain", "end"]) this.socket.removeAllListeners(event);
    this.socket.pause();
    exchange.onSwitched(this.socket, rest);
  }

  #onOriginEnd(): void {
    const parser = this.#parser;
    if (this.#exchange === undefined || parser === undefined) return;
    if (parser.finish()) this.#exchange = undefined;
    // Also where it is no proper end: the rest of the request would wait for an origin that may never read it.
    this.socket.destroy();
  }

  #fail(error: Error): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#parser = undefined;
    exchange?.onError(error);
  }
}

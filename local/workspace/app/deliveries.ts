import { randomUUID } from "node:crypto";
import type { FaultBox } from "./faults.ts";
import type { Ack, Sockets } from "./sockets.ts";

type EnvelopeType = "events_api" | "slash_commands" | "interactive";

export interface DeliveriesConfig {
  readonly ackTimeoutMs: number;
  readonly retryDelaysMs: readonly number[];
}

export interface DeliveriesDeps {
  readonly sockets: Pick<Sockets, "send">;
  readonly faults: Pick<FaultBox, "take">;
}

/** `unreachable`: no socket was open. */
export type Outcome = { readonly ack: Ack["payload"] } | "timeout" | "unreachable";

/** Hands payloads to the app, and knows what became of them. */
export interface Deliveries {
  /** Commands and interactions: sent once; a person waits for the outcome. */
  ask(type: "slash_commands" | "interactive", payload: object): Promise<Outcome>;
  /** Events: kept until a socket is open, and sent again while they are not acknowledged. */
  tell(payload: object): void;
  takeAck(ack: Ack): void;
  /** A socket is open: send what waited for one. */
  resume(): void;
  close(): void;
}

interface Event {
  readonly payload: object;
  readonly attempt: number;
}

export function createDeliveries(config: DeliveriesConfig, { sockets, faults }: DeliveriesDeps): Deliveries {
  const pending = new Map<string, (outcome: Outcome) => void>();
  const timers = new Set<NodeJS.Timeout>();
  let waiting: Event[] = [];

  const after = (delayMs: number, run: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, delayMs);
    timers.add(timer);
    return timer;
  };
  const send = (type: EnvelopeType, payload: object, extra: object): Promise<Outcome> => {
    const envelopeId = randomUUID();
    const frame = { envelope_id: envelopeId, type, accepts_response_payload: type !== "events_api", ...extra, payload };
    if (!sockets.send(frame)) return Promise.resolve("unreachable");
    if (faults.take("duplicates")) sockets.send({ ...frame, envelope_id: randomUUID(), ...repeated(extra) });
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const timer = after(config.ackTimeoutMs, () => settle("timeout"));
    const settle = (outcome: Outcome) => {
      pending.delete(envelopeId);
      timers.delete(timer);
      clearTimeout(timer);
      resolve(outcome);
    };
    pending.set(envelopeId, settle);
    return promise;
  };
  const attempt = async (event: Event) => {
    const retry = { retry_attempt: event.attempt, retry_reason: event.attempt === 0 ? "" : "timeout" };
    const outcome = await send("events_api", event.payload, retry);
    if (outcome === "unreachable") waiting.push(event);
    if (outcome !== "timeout") return;
    const delayMs = config.retryDelaysMs[event.attempt];
    if (delayMs !== undefined) after(delayMs, () => void attempt({ ...event, attempt: event.attempt + 1 }));
  };

  return {
    ask: (type, payload) => send(type, payload, {}),
    tell: (payload) => void attempt({ payload, attempt: 0 }),
    takeAck({ envelopeId, payload }) {
      const settle = pending.get(envelopeId);
      if (settle !== undefined && !faults.take("lateAcks")) settle({ ack: payload });
    },
    resume() {
      const events = waiting;
      waiting = [];
      for (const event of events) void attempt(event);
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      for (const settle of pending.values()) settle("unreachable");
    },
  };
}

function repeated(extra: object): object {
  return "retry_attempt" in extra ? { retry_attempt: Number(extra.retry_attempt) + 1, retry_reason: "timeout" } : {};
}

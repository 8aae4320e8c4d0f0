import { type Channel, channel } from "node:diagnostics_channel";

/** One request of a caller's, from its start to the end of its answer's body; the same object at both ends. */
export interface RequestMessage {
  readonly origin: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** At the end: of the answer, where there was one. */
  status?: number;
  /** At the end: whether it was sent a second time. */
  isReplayed?: boolean;
  durationMs?: number;
  error?: unknown;
}

/** One exchange; the same object at both ends. */
export interface ExchangeMessage {
  readonly origin: string;
  readonly clientId: string;
  /** At the end: `pair` where the server gave no JWT that can be used. */
  mode?: "exchange" | "pair";
  /** At the end: when the pass dies, milliseconds of the local clock. */
  expiresAtMs?: number;
  durationMs?: number;
  error?: unknown;
}

/** Another pair than before is in use. */
export interface RotatedNotice {
  readonly origin: string;
  readonly clientId: string;
  /** Tells this pair from every other, in every process, and says nothing about its secret. */
  readonly pairId: string;
}

/**
 * What a client tells to whoever listens, by `node:diagnostics_channel`; nothing is made where nobody does. No message
 * holds a secret or a JWT.
 *
 * | channel | message |
 * |---|---|
 * | `gatehouse:access-client:request:start`, `…:end` | `RequestMessage` |
 * | `gatehouse:access-client:hit` | `{ origin }`: a request found its pass at hand |
 * | `gatehouse:access-client:exchange:start`, `…:end` | `ExchangeMessage` |
 * | `gatehouse:access-client:refused` | `{ origin, status, reason?, rayId? }`: the gateway turned a request away |
 * | `gatehouse:access-client:rotated` | `RotatedNotice` |
 * | `gatehouse:access-client:expiring` | `ExpiringNotice` |
 */
export const CHANNELS = {
  requestStart: channel("gatehouse:access-client:request:start"),
  requestEnd: channel("gatehouse:access-client:request:end"),
  hit: channel("gatehouse:access-client:hit"),
  exchangeStart: channel("gatehouse:access-client:exchange:start"),
  exchangeEnd: channel("gatehouse:access-client:exchange:end"),
  refused: channel("gatehouse:access-client:refused"),
  rotated: channel("gatehouse:access-client:rotated"),
  expiring: channel("gatehouse:access-client:expiring"),
} as const;

type Report<Message> = (end: Partial<Message>) => void;

/** Tells of a request's start; gives what tells of its end, or nothing where nobody listens. */
export function reportRequest(origin: string, method: string, path: string): Report<RequestMessage> | undefined {
  const { requestStart, requestEnd } = CHANNELS;
  if (!requestStart.hasSubscribers && !requestEnd.hasSubscribers) return undefined;
  return report<RequestMessage>(requestStart, requestEnd, { origin, method, path: path.split("?", 1)[0] ?? "/" });
}

/** The same of an exchange. */
export function reportExchange(origin: string, clientId: string): Report<ExchangeMessage> {
  return report<ExchangeMessage>(CHANNELS.exchangeStart, CHANNELS.exchangeEnd, { origin, clientId });
}

function report<Message extends object>(start: Channel, end: Channel, message: Message): Report<Message> {
  const startedAt = performance.now();
  start.publish(message);
  return (outcome) => end.publish(Object.assign(message, outcome, { durationMs: performance.now() - startedAt }));
}

import { channel } from "node:diagnostics_channel";

/**
 * What a client tells to whoever listens, by `node:diagnostics_channel`; nothing is made where nobody does. No message
 * holds a secret or a JWT.
 *
 * | channel | message |
 * |---|---|
 * | `gatehouse:access-client:hit` | `{ origin }`: a request found its pass at hand |
 * | `gatehouse:access-client:exchange:start` | `{ origin, clientId }` |
 * | `gatehouse:access-client:exchange:end` | `{ origin, clientId, durationMs, mode, expiresAtMs, error? }` |
 * | `gatehouse:access-client:refused` | `{ origin, status, reason?, rayId? }`: the gateway turned a request away |
 * | `gatehouse:access-client:rotated` | `{ origin, clientId }`: another pair than before is in use |
 * | `gatehouse:access-client:expiring` | `ExpiringNotice` |
 */
export const CHANNELS = {
  hit: channel("gatehouse:access-client:hit"),
  exchangeStart: channel("gatehouse:access-client:exchange:start"),
  exchangeEnd: channel("gatehouse:access-client:exchange:end"),
  refused: channel("gatehouse:access-client:refused"),
  rotated: channel("gatehouse:access-client:rotated"),
  expiring: channel("gatehouse:access-client:expiring"),
} as const;

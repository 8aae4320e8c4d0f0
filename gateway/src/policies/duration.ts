import { GatewayError } from "../errors.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const SHAPE = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g;

/**
 * Reads a Go duration such as `24h`, `1h30m` or `300ms` (https://pkg.go.dev/time#ParseDuration), without a sign.
 *
 * @returns milliseconds
 * @throws {GatewayError} `ERR_DURATION_INVALID`
 */
export function parseDuration(text: string): number {
  if (!SHAPE.test(text) || text.length > 32) {
    throw new GatewayError("ERR_DURATION_INVALID", "A duration is a number with a unit: 30m, 24h, 8760h, 1h30m.");
  }
  let totalMs = 0;
  for (const [, amount = "0", unit = "ms"] of text.matchAll(PART)) totalMs += Number(amount) * (UNIT_MS[unit] ?? 0);
  return totalMs;
}

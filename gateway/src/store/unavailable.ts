import { GatewayError } from "../errors.ts";

/** A store that cannot be asked or written to now: gone, full, locked, stopped. Not for a statement that was wrong. */
export function unavailable(cause: unknown): GatewayError {
  const message = `The gateway's database cannot be used at the moment (${reasonOf(cause)}).`;
  return new GatewayError("ERR_STORE_UNAVAILABLE", message, { cause });
}

/** In one line, from the innermost. A connection that fails on every address of a host name has several reasons inside. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof GatewayError && cause.cause !== undefined) return reasonOf(cause.cause);
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(", ");
  return cause instanceof Error ? cause.message : String(cause);
}

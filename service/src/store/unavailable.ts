import { StoreError } from "./errors.ts";

/**
 * A store that cannot be asked or written to now: gone, full, locked, stopped. Not for a statement that was wrong.
 *
 * @param owner Whose store it is, in a word for people: "gateway".
 */
export function unavailable(owner: string, cause: unknown): StoreError {
  const message = `The ${owner}'s database cannot be used at the moment (${reasonOf(cause)}).`;
  return new StoreError("ERR_STORE_UNAVAILABLE", message, { cause });
}

/** In one line, from the innermost. A connection that fails on every address of a host name has several reasons inside. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof StoreError && cause.cause !== undefined) return reasonOf(cause.cause);
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(", ");
  return cause instanceof Error ? cause.message : String(cause);
}

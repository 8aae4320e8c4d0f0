import { randomBytes } from "node:crypto";

/** One call for many ids: to ask for a few bytes at a time, or to write them out so, costs more than all the rest of making one. */
const POOL_BYTES = 1_024;
const DIGITS_PER_BYTE = 2;
let pool = "";
let used = 0;

/**
 * Random bytes as lower-case hex digits, for ids that nobody should guess or meet twice. At most 1,024 bytes.
 *
 * For what lives as long as a request: a piece of a string keeps all of it in memory.
 */
export function randomHex(bytes: number): string {
  const digits = bytes * DIGITS_PER_BYTE;
  if (used + digits > pool.length) {
    pool = randomBytes(POOL_BYTES).toString("hex");
    used = 0;
  }
  used += digits;
  return pool.slice(used - digits, used);
}

import { randomFillSync } from "node:crypto";

/** One call for many ids: asking for a few bytes at a time costs more than all the rest of making one. */
const POOL_BYTES = 8_192;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Random bytes as lower-case hex digits, for ids that nobody should guess or meet twice. At most 8,192 bytes. */
export function randomHex(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString("hex", used - bytes, used);
}

/**
 * A number in [0, 1) that depends only on its inputs (a finalising mix of 32-bit integers, after MurmurHash3). The same
 * user on the same day always does the same, in whatever order days are made.
 */
export function chance(a: number, b: number, c: number): number {
  let h =
    Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^
    Math.imul(b + 0x7f4a7c15, 0xc2b2ae35) ^
    Math.imul(c + 0x165667b1, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296;
}

/** Picks by weight: `at` in [0, 1) falls into one of the shares, which sum to 1. */
export function pick<Value>(shares: readonly (readonly [Value, number])[], at: number): Value {
  let rest = at;
  for (const [value, share] of shares) {
    rest -= share;
    if (rest < 0) return value;
  }
  const last = shares.at(-1);
  if (last === undefined) throw new TypeError("pick needs at least one share");
  return last[0];
}

/** A whole number whose mean is `mean`: its floor, or one more with the chance of the fraction. */
export function roundByChance(mean: number, at: number): number {
  return Math.floor(mean) + (at < mean % 1 ? 1 : 0);
}

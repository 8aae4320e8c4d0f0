/**
 * Makes Slack's time stamps: seconds and six more digits, each later than the one before, so that they order messages and
 * name them at once. Starts after `last`, the newest one kept.
 */
export function createTimestamps(now: () => number, last: string | undefined): () => string {
  let lastMicros = last === undefined ? 0n : BigInt(last.replace(".", ""));
  return () => {
    const micros = BigInt(Math.trunc(now())) * 1_000n;
    lastMicros = micros > lastMicros ? micros : lastMicros + 100n;
    const digits = lastMicros.toString();
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  };
}

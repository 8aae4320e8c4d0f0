import { type OffsetSegment, offsetSegments, usOfMs } from "../query/time-zone.ts";

const FROM_US = usOfMs(Date.UTC(1969, 11, 31));
const TO_US = usOfMs(Date.UTC(2100, 0, 1));

/**
 * Gives the instant of a wall clock's reading in a zone, both in microseconds since 1970. A reading that a clock change
 * repeats is the first of the two; one that it skips is read with the offset before (RFC 5545, as Temporal's "compatible").
 */
export function createWallClock(timeZone: string): (wallUs: number) => number {
  const segments = offsetSegments(timeZone, FROM_US, TO_US);
  return (wallUs) => {
    const index = firstThatReaches(segments, wallUs);
    const segment = segments[index];
    if (segment === undefined) throw new TypeError("a zone has at least one offset");
    const us = wallUs - segment.offsetUs;
    if (us >= segment.startUs) return us;
    return wallUs - (segments[index - 1]?.offsetUs ?? segment.offsetUs);
  };
}

/** The first stretch whose wall clock has not yet ended at the reading. */
function firstThatReaches(segments: readonly OffsetSegment[], wallUs: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const endUs = segments[middle + 1]?.startUs ?? Number.POSITIVE_INFINITY;
    if (wallUs - (segments[middle]?.offsetUs ?? 0) < endUs) high = middle;
    else low = middle + 1;
  }
  return low;
}

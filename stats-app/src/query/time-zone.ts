/** A stretch of time in which a zone keeps one offset. Instants are microseconds since 1970, UTC. */
export interface OffsetSegment {
  /** First instant of the stretch; minus infinity for the first one asked for. */
  readonly startUs: number;
  /** Local time minus UTC. */
  readonly offsetUs: number;
}

const US_PER_MS = 1000;
const NS_PER_US = 1000;

export function isTimeZone(timeZone: string): boolean {
  try {
    zonedAt(0, timeZone);
    return true;
  } catch {
    return false;
  }
}

export function zonedAt(us: number, timeZone: string): Temporal.ZonedDateTime {
  return new Temporal.ZonedDateTime(BigInt(us) * BigInt(NS_PER_US), timeZone);
}

/** Microseconds since 1970 of an instant; what is finer is cut off. */
export function toUs(instant: { readonly epochMilliseconds: number; readonly epochNanoseconds: bigint }): number {
  return Number(instant.epochNanoseconds / BigInt(NS_PER_US));
}

/** The offsets that a zone has between two instants, oldest first; clock changes are where one ends and the next begins. */
export function offsetSegments(timeZone: string, fromUs: number, toUsExclusive: number): readonly OffsetSegment[] {
  let at = zonedAt(fromUs, timeZone);
  const segments: OffsetSegment[] = [{ startUs: Number.NEGATIVE_INFINITY, offsetUs: offsetOf(at) }];
  for (;;) {
    const transition = at.getTimeZoneTransition("next");
    if (transition === null || toUs(transition) >= toUsExclusive) return segments;
    if (offsetOf(transition) !== segments.at(-1)?.offsetUs) {
      segments.push({ startUs: toUs(transition), offsetUs: offsetOf(transition) });
    }
    at = transition;
  }
}

/** The offset that holds at an instant. */
export function segmentAt(segments: readonly OffsetSegment[], us: number): OffsetSegment {
  const segment = segments.findLast(({ startUs }) => startUs <= us) ?? segments[0];
  if (segment === undefined) throw new TypeError("a zone has at least one offset");
  return segment;
}

/** ISO 8601 with the zone's offset: `2026-11-16T00:00:00+01:00`. */
export function formatInstant(us: number, timeZone: string): string {
  return zonedAt(us, timeZone).toString({ timeZoneName: "never" });
}

export function usOfMs(ms: number): number {
  return Math.floor(ms) * US_PER_MS;
}

function offsetOf(at: Temporal.ZonedDateTime): number {
  return Math.round(at.offsetNanoseconds / NS_PER_US);
}

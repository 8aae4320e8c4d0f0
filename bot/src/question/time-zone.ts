import { longestPhrase, type Word } from "./words.ts";

export interface TimeZoneMatch {
  readonly index: number;
  readonly length: number;
  readonly timeZone: string;
}

const LEADS = ["in the time zone", "in time zone", "in timezone", "time zone", "timezone", "in tz", "tz", "in"];

/** City names as in the zone database: `new york` → `America/New_York`. */
const CITIES: ReadonlyMap<string, string> = new Map(
  Intl.supportedValuesOf("timeZone").map((zone) => [
    (zone.split("/").at(-1) ?? zone).replaceAll("_", " ").toLowerCase(),
    zone,
  ]),
);

/** Finds the time zone a question names: `in time zone America/New_York`, `UTC`, `in Berlin time`. */
export function findTimeZone(words: readonly Word[]): TimeZoneMatch | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const match = readTimeZone(words, index);
    if (match !== undefined) return match;
  }
  return undefined;
}

function readTimeZone(words: readonly Word[], index: number): TimeZoneMatch | undefined {
  const lead = longestPhrase(words, index, LEADS);
  const isSpelledOut = lead > 0 && words[index + lead - 1]?.text !== "in";
  const word = words[index + lead];
  if (word === undefined) return undefined;
  const isZoneLike = word.kind === "zone" || /^(?:utc|gmt)$/.test(word.text);
  const zone = isZoneLike || isSpelledOut ? canonicalZone(word.raw) : undefined;
  if (zone !== undefined) return { index, length: lead + 1, timeZone: zone };
  return readCity(words, index, lead, isSpelledOut);
}

/** A city needs "time" after it, or "time zone" before it: `in Berlin` alone may be a filter. */
function readCity(
  words: readonly Word[],
  index: number,
  lead: number,
  isSpelledOut: boolean,
): TimeZoneMatch | undefined {
  for (const length of [3, 2, 1]) {
    const city = words.slice(index + lead, index + lead + length);
    const zone = CITIES.get(city.map((word) => word.text).join(" "));
    if (zone === undefined || city.length < length) continue;
    const hasTime = words[index + lead + length]?.text === "time";
    if (hasTime || isSpelledOut) return { index, length: lead + length + (hasTime ? 1 : 0), timeZone: zone };
  }
  return undefined;
}

/** The IANA name in its own spelling, or nothing where there is no such zone. Offsets are not names. */
function canonicalZone(text: string): string | undefined {
  if (!/^[A-Za-z]/.test(text)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

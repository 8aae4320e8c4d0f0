/** Microseconds since 1970. */
const US_PER_MS = 1000;
const US_PER_MINUTE = 60_000_000;

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

/** A date and time as written; `offsetUs` is missing where the text names none. */
export interface WrittenTime {
  /** The wall clock's reading, counted as if it were UTC. */
  readonly wallUs: number;
  readonly offsetUs: number | undefined;
  readonly hasTime: boolean;
}

/** Reads ISO 8601 (calendar date, time, offset); nothing when it is not that, or no such date exists. */
export function parseWrittenTime(text: string): WrittenTime | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  const [h, m, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), h, m, s);
  if (!isRealDate(ms, Number(year), Number(month), Number(day)) || h > 23 || m > 59 || s > 59) return undefined;
  const offsetUs = offset === undefined ? undefined : parseOffset(offset);
  if (Number.isNaN(offsetUs)) return undefined;
  const us = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1e6 + 1e-4);
  return { wallUs: ms * US_PER_MS + us, offsetUs, hasTime: hour !== undefined };
}

function isRealDate(ms: number, year: number, month: number, day: number): boolean {
  if (year < 100 || month < 1 || month > 12) return false;
  const date = new Date(ms);
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1;
}

function parseOffset(offset: string): number {
  if (offset === "Z" || offset === "z") return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(":", "") || 0);
  if (hours > 18 || minutes > 59) return Number.NaN;
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * US_PER_MINUTE;
}

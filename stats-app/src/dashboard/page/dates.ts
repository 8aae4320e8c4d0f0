/** Calendar dates as `2026-11-23`, so that no browser's own time zone gets in the way. */
export type CalendarDate = string;

const DAY_MS = 86_400_000;

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const [year = 0, month = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

export function startOfMonth(date: CalendarDate): CalendarDate {
  return `${date.slice(0, 8)}01`;
}

export function startOfWeek(date: CalendarDate, weekStart: "monday" | "sunday"): CalendarDate {
  const weekday = new Date(date).getUTCDay();
  return addDays(date, -(weekStart === "monday" ? (weekday + 6) % 7 : weekday));
}

/** A date that may be asked about. A year that is being typed passes through 0002, 0020 and 0202 first. */
export function isDate(text: string): boolean {
  return /^[12]\d{3}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** The wall clock's reading of an instant with offset, to be shown as it is. */
export function wallClock(instant: string): Date {
  return new Date(`${instant.slice(0, 16)}Z`);
}

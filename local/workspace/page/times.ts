/** Times as the reader's own clock and language show them. */

const MS_PER_DAY = 86_400_000;

export function msOf(ts: string): number {
  return Number(ts) * 1000;
}

export function clockOf(ts: string): string {
  return new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" }).format(msOf(ts));
}

export function fullTimeOf(ts: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" }).format(msOf(ts));
}

/** `Today`, `Yesterday`, or `Thursday, November 19`. */
export function dayOf(ts: string, nowMs: number): string {
  const date = new Date(msOf(ts));
  if (isSameDay(date, new Date(nowMs))) return "Today";
  if (isSameDay(date, new Date(nowMs - MS_PER_DAY))) return "Yesterday";
  const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear();
  const year = isThisYear ? {} : { year: "numeric" as const };
  return new Intl.DateTimeFormat(undefined, { weekday: "long", month: "long", day: "numeric", ...year }).format(date);
}

export function isSameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

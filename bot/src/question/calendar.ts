/** The asker's calendar: what day and hour it is where the question counts its days. */
export interface Calendar {
  readonly today: Temporal.PlainDate;
  /** The wall clock's hour that is running now. */
  readonly hour: Temporal.PlainDateTime;
  readonly weekStart: "monday" | "sunday";
  /** First day with data, where there is any. */
  readonly firstDay: Temporal.PlainDate | null;
}

export type Unit = "hour" | "day" | "week" | "month" | "quarter" | "year";

/** Whole days, half-open. `unit` is the calendar unit that the words named. */
export interface Span {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
  readonly unit: Unit;
}

export function createCalendar(
  nowMs: number,
  timeZone: string,
  options: { weekStart: "monday" | "sunday"; firstInstant?: string | null },
): Calendar {
  const local = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDateTime();
  const first = options.firstInstant ? Temporal.Instant.from(options.firstInstant) : null;
  return {
    today: local.toPlainDate(),
    hour: local.round({ smallestUnit: "hour", roundingMode: "floor" }),
    weekStart: options.weekStart,
    firstDay: first === null ? null : first.toZonedDateTimeISO(timeZone).toPlainDate(),
  };
}

/** The first day of the unit that holds `date`. */
export function startOf(
  unit: Unit,
  date: Temporal.PlainDate,
  calendar: Pick<Calendar, "weekStart">,
): Temporal.PlainDate {
  switch (unit) {
    case "hour":
    case "day":
      return date;
    case "week": {
      const sinceStart = calendar.weekStart === "monday" ? date.dayOfWeek - 1 : date.dayOfWeek % 7;
      return date.subtract({ days: sinceStart });
    }
    case "month":
      return date.with({ day: 1 });
    case "quarter":
      return date.with({ month: Math.floor((date.month - 1) / 3) * 3 + 1, day: 1 });
    case "year":
      return date.with({ month: 1, day: 1 });
  }
}

/** `date` moved by whole units; may be negative. */
export function shift(date: Temporal.PlainDate, unit: Unit, count: number): Temporal.PlainDate {
  if (unit === "quarter") return date.add({ months: 3 * count });
  return date.add({ [`${unit === "hour" ? "day" : unit}s`]: count });
}

/** The unit `offset` units away from the running one: 0 is this month, -1 the last. */
export function unitSpan(unit: Unit, offset: number, calendar: Calendar): Span {
  const from = shift(startOf(unit, calendar.today, calendar), unit, offset);
  return { from, to: shift(from, unit, 1), unit };
}

export function daySpan(from: Temporal.PlainDate): Span {
  return { from, to: from.add({ days: 1 }), unit: "day" };
}

/** ISO 8601 week: Monday to Sunday, week 1 holds 4 January. Undefined where that year has no such week. */
export function isoWeekSpan(year: number, week: number): Span | undefined {
  const fourth = Temporal.PlainDate.from({ year, month: 1, day: 4 });
  const from = fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: week - 1 });
  return from.yearOfWeek === year && week >= 1 ? { from, to: from.add({ weeks: 1 }), unit: "week" } : undefined;
}

/** The day, or undefined where there is none, such as 31 April. */
export function dateOf(year: number, month: number, day: number): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    return undefined;
  }
}

export function isBefore(one: Temporal.PlainDate, other: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(one, other) < 0;
}

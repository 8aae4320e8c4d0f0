import { addDays, addMonths, type CalendarDate, startOfMonth, startOfWeek } from "./dates.ts";

/** Dates, `to` excluded. */
export interface DateRange {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

export interface Preset {
  readonly key: string;
  readonly title: string;
  readonly rangeOf: (today: CalendarDate, weekStart: "monday" | "sunday") => DateRange;
}

/** "Last N days" are whole days and end with yesterday, in chat as here. */
export const PRESETS: readonly Preset[] = [
  { key: "today", title: "Today", rangeOf: (today) => ({ from: today, to: addDays(today, 1) }) },
  { key: "yesterday", title: "Yesterday", rangeOf: (today) => ({ from: addDays(today, -1), to: today }) },
  { key: "last_7_days", title: "Last 7 days", rangeOf: (today) => ({ from: addDays(today, -7), to: today }) },
  { key: "last_30_days", title: "Last 30 days", rangeOf: (today) => ({ from: addDays(today, -30), to: today }) },
  { key: "last_90_days", title: "Last 90 days", rangeOf: (today) => ({ from: addDays(today, -90), to: today }) },
  { key: "this_week", title: "This week", rangeOf: (today, weekStart) => week(startOfWeek(today, weekStart)) },
  {
    key: "last_week",
    title: "Last week",
    rangeOf: (today, weekStart) => week(addDays(startOfWeek(today, weekStart), -7)),
  },
  { key: "this_month", title: "This month", rangeOf: (today) => months(startOfMonth(today), 1) },
  { key: "last_month", title: "Last month", rangeOf: (today) => months(addMonths(today, -1), 1) },
  { key: "this_year", title: "This year", rangeOf: (today) => months(`${today.slice(0, 4)}-01-01`, 12) },
  { key: "last_12_months", title: "Last 12 months", rangeOf: (today) => months(addMonths(today, -12), 12) },
];

export const DEFAULT_PRESET = "last_30_days";

export function findPreset(key: string): Preset | undefined {
  return PRESETS.find((preset) => preset.key === key);
}

function week(from: CalendarDate): DateRange {
  return { from, to: addDays(from, 7) };
}

function months(from: CalendarDate, count: number): DateRange {
  return { from, to: addMonths(from, count) };
}

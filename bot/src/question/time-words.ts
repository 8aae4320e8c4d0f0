import type { Unit } from "./calendar.ts";

/** English names of numbers, units, months and weekdays, as people type them. */

/** A map rather than an object, for people may also type `constructor`. */
function wordTable<T>(entries: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(entries));
}

const NUMBER_WORDS = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];
const LARGER_NUMBERS = wordTable<number>({
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  sixty: 60,
  ninety: 90,
  hundred: 100,
});

const UNITS = wordTable<Unit>({
  hour: "hour",
  hours: "hour",
  hr: "hour",
  hrs: "hour",
  day: "day",
  days: "day",
  week: "week",
  weeks: "week",
  wk: "week",
  wks: "week",
  month: "month",
  months: "month",
  quarter: "quarter",
  quarters: "quarter",
  qtr: "quarter",
  year: "year",
  years: "year",
  yr: "year",
  yrs: "year",
});

const SHORT_UNITS = wordTable<Unit>({
  h: "hour",
  d: "day",
  w: "week",
  mo: "month",
  m: "month",
  q: "quarter",
  y: "year",
});

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const SHORT_WEEKDAYS = wordTable<number>({ tues: 2, wednes: 3, thur: 4, thurs: 4 });
const ORDINALS = wordTable<number>({ first: 1, second: 2, third: 3, fourth: 4 });

export function numberOf(text: string): number | undefined {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  const index = NUMBER_WORDS.indexOf(text);
  return index >= 0 ? index : LARGER_NUMBERS.get(text);
}

export function unitOf(text: string): Unit | undefined {
  return UNITS.get(text);
}

/** `7d`, `24h`, `3mo`. */
export function shortAmountOf(text: string): { count: number; unit: Unit } | undefined {
  const match = /^(\d{1,4})(h|d|w|mo|m|q|y)$/.exec(text);
  const unit = match?.[2] === undefined ? undefined : SHORT_UNITS.get(match[2]);
  return unit === undefined ? undefined : { count: Number(match?.[1]), unit };
}

/** 1 to 12. */
export function monthOf(text: string): number | undefined {
  if (text === "sept") return 9;
  const index = MONTHS.findIndex((month) => month === text || (text.length === 3 && month.startsWith(text)));
  return index < 0 ? undefined : index + 1;
}

/** 1 (Monday) to 7, as ISO 8601 counts. */
export function weekdayOf(text: string): number | undefined {
  const short = SHORT_WEEKDAYS.get(text);
  if (short !== undefined) return short;
  const one = text.length > 5 && text.endsWith("s") ? text.slice(0, -1) : text;
  const index = WEEKDAYS.findIndex((day) => day === one || (text.length === 3 && day.startsWith(text)));
  return index < 0 ? undefined : index + 1;
}

export function yearOf(text: string): number | undefined {
  const year = /^(?:19[7-9]\d|20\d\d)$/.test(text) ? Number(text) : undefined;
  return year;
}

/** Day of a month: `3`, `3rd`, `21st`. */
export function dayOf(text: string): number | undefined {
  const match = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(text);
  const day = Number(match?.[1]);
  return day >= 1 && day <= 31 ? day : undefined;
}

/** `q3`, and `third` before `quarter`. */
export function ordinalOf(text: string): number | undefined {
  return ORDINALS.get(text) ?? (/^[1-4](?:st|nd|rd|th)$/.test(text) ? Number(text[0]) : undefined);
}

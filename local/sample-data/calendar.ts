/** What makes one day of the sample product different from the next. */
export interface DayShape {
  /** Multiplies how many people come. */
  readonly activity: number;
  readonly signups: number;
  readonly errors: number;
  readonly loadTime: number;
  /** Where a campaign's signups come from. */
  readonly campaign?: string;
}

const MILLISECONDS_PER_DAY = 86_400_000;

/** Activity by weekday, Sunday first: people take notes at work. */
const WEEKDAY_ACTIVITY = [0.48, 1.08, 1.14, 1.15, 1.1, 0.98, 0.52] as const;
const ORDINARY: DayShape = { activity: 1, signups: 1, errors: 1, loadTime: 1 };

/** The odd days, counted back from the day the sample begins to be used. */
const ODD_DAYS: ReadonlyMap<number, Partial<DayShape>> = new Map([
  [187, { signups: 5.5, activity: 1.25, campaign: "social" }],
  [186, { signups: 3.1, activity: 1.15, campaign: "social" }],
  [185, { signups: 1.9, activity: 1.08, campaign: "social" }],
  [96, { errors: 4, loadTime: 1.9 }],
  [95, { errors: 5.5, loadTime: 2.2 }],
  [41, { activity: 0.42, signups: 0.35, errors: 14, loadTime: 3.4 }],
  [12, { signups: 2.4, campaign: "referral" }],
]);

/** The shape of `day` (days since 1970, UTC), where `anchorDay` is the day that odd days are counted back from. */
export function dayShape(day: number, anchorDay: number): DayShape {
  const date = new Date(day * MILLISECONDS_PER_DAY);
  const weekday = WEEKDAY_ACTIVITY[date.getUTCDay()] ?? 1;
  const season = holidayFactor(date.getUTCMonth() + 1, date.getUTCDate());
  const odd = { ...ORDINARY, ...ODD_DAYS.get(anchorDay - day) };
  return { ...odd, activity: odd.activity * weekday * season, signups: odd.signups * (0.35 + 0.65 * weekday) * season };
}

/** Growth since the first day: about 2.3 times over a year. */
export function growth(dayNumber: number): number {
  return 2.3 ** (dayNumber / 365);
}

function holidayFactor(month: number, dayOfMonth: number): number {
  const isYearEnd = (month === 12 && dayOfMonth >= 23) || (month === 1 && dayOfMonth <= 2);
  if (isYearEnd) return 0.45;
  return month === 8 ? 0.9 : 1;
}

import type { DayShape } from "./calendar.ts";
import type { SampleUser } from "./people.ts";
import { chance, roundByChance } from "./random.ts";

/** An event as the stats app takes it (docs/stats-api.md). */
export interface SampleEvent {
  readonly id: string;
  readonly event: string;
  /** Microseconds since 1970, as the stats app takes it in process: a million texts need not be written and read. */
  readonly time: number;
  readonly user: string;
  readonly value?: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

const MILLISECONDS_PER_DAY = 86_400_000;
const MICROSECONDS_PER_MILLISECOND = 1_000;
const MILLISECONDS_PER_HOUR = 3_600_000;
const BILLING_PERIOD_DAYS = 30;
const TRIAL_DAYS = 14;
const MONTHLY_PRICE_USD: Readonly<Record<string, number>> = { pro: 12, team: 96, enterprise: 640 };
const TYPICAL_LOAD_MS: Readonly<Record<string, number>> = { web: 820, ios: 560, android: 760, desktop: 430 };

/** Separate streams of chance, so that one decision does not sway another. */
const DRAWS = {
  comes: 101,
  sessions: 102,
  notes: 103,
  pages: 104,
  errors: 105,
  hour: 200,
  minute: 300,
  value: 400,
  seats: 500,
};

interface Making {
  readonly day: number;
  readonly user: SampleUser;
  readonly shape: DayShape;
  readonly into: SampleEvent[];
}

/** Adds everything that `user` does on `day` (days since 1970) to `into`. Times lie within that UTC day. */
export function addUserDay(day: number, user: SampleUser, shape: DayShape, into: SampleEvent[]): void {
  const making = { day, user, shape, into };
  if (day === user.signupDay) add(making, "signup", 43);
  if (user.plan !== "free") addBilling(making);
  if (day <= user.leaveDay && chance(user.number, day, DRAWS.comes) < user.habit * shape.activity) addUse(making);
}

function addUse(making: Making): void {
  const { user, day, shape } = making;
  const count = (mean: number, draw: number): number => roundByChance(mean, chance(user.number, day, draw));
  repeat(count(1.35, DRAWS.sessions), (n) => add(making, "session", n));
  repeat(count(1.3 + 1.5 * user.habit, DRAWS.notes), (n) => add(making, "note_created", 10 + n));
  repeat(count(1.1, DRAWS.pages), (n) => add(making, "page_load", 20 + n, loadTimeMs(making, n)));
  repeat(count(0.06 * shape.errors, DRAWS.errors), (n) => add(making, "error", 30 + n));
}

function addBilling(making: Making): void {
  const { day, user } = making;
  if (day === user.signupDay) add(making, "trial_started", 40);
  const paidDays = day - user.signupDay - TRIAL_DAYS;
  const isBillingDay = paidDays >= 0 && paidDays % BILLING_PERIOD_DAYS === 0;
  if (isBillingDay && day <= user.leaveDay) add(making, "order", 41, orderValueUsd(user));
  if (day === Math.ceil(user.leaveDay)) add(making, "cancellation", 42);
}

function orderValueUsd(user: SampleUser): number {
  const seats = user.plan === "pro" ? 1 : 1 + Math.floor(4 * chance(user.number, 0, DRAWS.seats) ** 2);
  return seats * (MONTHLY_PRICE_USD[user.plan] ?? 0);
}

function loadTimeMs(making: Making, n: number): number {
  const { user, day, shape } = making;
  const spread = 0.55 + 0.9 * chance(user.number, day, DRAWS.value + n) ** 2;
  return Math.round((TYPICAL_LOAD_MS[user.platform] ?? 700) * spread * shape.loadTime);
}

function add({ day, user, into }: Making, event: string, slot: number, value?: number): void {
  const { country, plan, platform, channel } = user;
  into.push({
    id: `sample-${day}-${user.number}-${slot}`,
    event,
    time: (day * MILLISECONDS_PER_DAY + timeOfDayMs(day, user, slot)) * MICROSECONDS_PER_MILLISECOND,
    user: user.id,
    ...(value === undefined ? {} : { value }),
    dimensions: { country, plan, platform, channel },
  });
}

/** Two humps around 10:00 and 15:00 of the user's own clock. */
function timeOfDayMs(day: number, user: SampleUser, slot: number): number {
  const a = chance(user.number, day, DRAWS.hour + slot);
  const b = chance(user.number, day, DRAWS.minute + slot);
  const hump = a < 0.5 ? 10 : 15;
  const localHour = hump + (a * 2 + b + ((a * 64) % 1) - 1.5) * 4.2;
  const utcHour = (((localHour - user.hoursAhead) % 24) + 24) % 24;
  return Math.floor(utcHour * MILLISECONDS_PER_HOUR);
}

function repeat(times: number, action: (n: number) => void): void {
  for (let n = 0; n < times; n++) action(n);
}

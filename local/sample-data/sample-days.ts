import { dayShape, growth } from "./calendar.ts";
import { addUserDay, type SampleEvent } from "./day.ts";
import { type SampleUser, sampleUser } from "./people.ts";
import { chance, roundByChance } from "./random.ts";

export interface SampleDaysOptions {
  /** The day the sample was first made, days since 1970 (UTC): growth and the odd days are placed by it. */
  readonly anchorDay: number;
  /** First and last day wanted, inclusive. */
  readonly fromDay: number;
  readonly toDay: number;
}

/** How many days before the anchor the product's data begins. */
export const SAMPLE_DAYS = 365;
const USERS_AT_START = 3_400;
const SIGNUPS_PER_DAY_AT_START = 17;
const SIGNUP_DRAW = 7;

/**
 * Makes the sample product's events, a day at a time, oldest first, each day sorted by time. The same options give the same
 * events; a later `toDay` only adds days.
 */
export function* sampleDays(options: SampleDaysOptions): Generator<{ day: number; events: SampleEvent[] }> {
  const { anchorDay, fromDay, toDay } = options;
  const firstDay = anchorDay - SAMPLE_DAYS;
  const users: SampleUser[] = earlyUsers(firstDay);
  for (let day = firstDay; day <= toDay; day++) {
    const shape = dayShape(day, anchorDay);
    const mean = SIGNUPS_PER_DAY_AT_START * growth(day - firstDay) * shape.signups;
    const signups = roundByChance(mean, chance(day, SIGNUP_DRAW, SIGNUP_DRAW));
    for (let n = 0; n < signups; n++) users.push(sampleUser(users.length, day, channelOf(shape.campaign, n)));
    if (day < fromDay) continue;
    const events: SampleEvent[] = [];
    for (const user of users) addUserDay(day, user, shape, events);
    yield { day, events: events.sort((a, b) => a.time - b.time) };
  }
}

/** Users who were there before the first day, so that the first weeks are not empty. */
function earlyUsers(firstDay: number): SampleUser[] {
  return Array.from({ length: USERS_AT_START }, (_, number) => sampleUser(number, firstDay - 1 - (number % 400)));
}

/** A campaign brings most of its day's signups through its own channel. */
function channelOf(campaign: string | undefined, n: number): string | undefined {
  return campaign !== undefined && n % 4 !== 0 ? campaign : undefined;
}

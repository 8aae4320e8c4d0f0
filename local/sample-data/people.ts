import { chance, pick } from "./random.ts";

/** A user of the sample product. Everything about a user follows from its number and the day it signed up. */
export interface SampleUser {
  readonly number: number;
  readonly id: string;
  /** Days since 1970, negative for users who were there before the first day. */
  readonly signupDay: number;
  readonly country: string;
  /** Whole hours that the country's clocks are ahead of UTC, roughly. */
  readonly hoursAhead: number;
  readonly plan: string;
  readonly platform: string;
  readonly channel: string;
  /** Chance of using the product on an ordinary day. */
  readonly habit: number;
  /** The last day the user was a customer, or Infinity. */
  readonly leaveDay: number;
}

const COUNTRIES: readonly (readonly [{ code: string; hoursAhead: number }, number])[] = [
  [{ code: "US", hoursAhead: -6 }, 0.31],
  [{ code: "DE", hoursAhead: 1 }, 0.14],
  [{ code: "GB", hoursAhead: 0 }, 0.12],
  [{ code: "FR", hoursAhead: 1 }, 0.09],
  [{ code: "IN", hoursAhead: 5 }, 0.09],
  [{ code: "BR", hoursAhead: -3 }, 0.07],
  [{ code: "JP", hoursAhead: 9 }, 0.06],
  [{ code: "CA", hoursAhead: -5 }, 0.05],
  [{ code: "AU", hoursAhead: 10 }, 0.04],
  [{ code: "NL", hoursAhead: 1 }, 0.03],
];
const PLANS = [
  ["free", 0.76],
  ["pro", 0.16],
  ["team", 0.065],
  ["enterprise", 0.015],
] as const;
const PLATFORMS = [
  ["web", 0.48],
  ["ios", 0.21],
  ["android", 0.19],
  ["desktop", 0.12],
] as const;
const CHANNELS = [
  ["organic", 0.42],
  ["paid", 0.22],
  ["referral", 0.16],
  ["social", 0.12],
  ["email", 0.08],
] as const;

/** Days a paying customer stays, on average, before cancelling. */
const MEAN_STAY_DAYS = 420;

const ASPECTS = { country: 1, plan: 2, platform: 3, channel: 4, habit: 5, stay: 6 } as const;

/** Makes user `number`, who signed up on `signupDay` through `channel` where a campaign decided it. */
export function sampleUser(number: number, signupDay: number, channel?: string): SampleUser {
  const at = (aspect: keyof typeof ASPECTS): number => chance(number, ASPECTS[aspect], 11);
  const country = pick(COUNTRIES, at("country"));
  const plan = pick(PLANS, at("plan"));
  const isPaying = plan !== "free";
  const habit = 0.015 + 0.42 * at("habit") ** (isPaying ? 1.2 : 4);
  return {
    number,
    id: `u_${String(number).padStart(6, "0")}`,
    signupDay,
    country: country.code,
    hoursAhead: country.hoursAhead,
    plan,
    platform: pick(PLATFORMS, at("platform")),
    channel: channel ?? pick(CHANNELS, at("channel")),
    habit,
    leaveDay: isPaying ? signupDay + 30 - Math.log(1 - at("stay")) * MEAN_STAY_DAYS : Number.POSITIVE_INFINITY,
  };
}

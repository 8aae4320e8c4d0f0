import type { SampleEvent } from "./day.ts";
import { SAMPLE_DAYS, sampleDays } from "./sample-days.ts";

type Batch = readonly SampleEvent[];

export interface SampleFeedOptions {
  /** The day of the first start, days since 1970 (UTC). */
  readonly anchorDay: number;
  /** Up to which instant the store has the sample already; absent on the first start. */
  readonly throughMs: number | undefined;
  readonly now: () => number;
  /** Takes events a day or more at a time, oldest first, while the next are made; repeating some must change nothing. */
  readonly importEvents: (batches: Iterable<Batch>) => Promise<unknown>;
  /** Told after each import up to where the store has the sample now. */
  readonly onImported: (throughMs: number) => Promise<void>;
}

export interface SampleFeed {
  /** Imports everything that happened up to now. `onDay` hears of each day made, with the share of all in [0, 1]. */
  catchUp(onDay?: (share: number) => void): Promise<void>;
}

const MILLISECONDS_PER_DAY = 86_400_000;
const MICROSECONDS_PER_MILLISECOND = 1_000;

/** Keeps the sample product alive: a year of events at first, and what happened since at every later call. */
export function createSampleFeed(options: SampleFeedOptions): SampleFeed {
  let throughMs = options.throughMs ?? (options.anchorDay - SAMPLE_DAYS) * MILLISECONDS_PER_DAY - 1;
  let today: { day: number; events: Batch } | undefined;

  /** Today's events are kept, so that the small steps of a running feed cost nothing. */
  function* daysOf(fromDay: number, toDay: number): Iterable<{ day: number; events: Batch }> {
    if (today?.day === fromDay && fromDay === toDay) {
      yield today;
      return;
    }
    for (const made of sampleDays({ anchorDay: options.anchorDay, fromDay, toDay })) {
      today = made;
      yield made;
    }
  }

  function* batchesUntil(untilMs: number, onDay?: (share: number) => void): Iterable<Batch> {
    const [after, until] = [throughMs * MICROSECONDS_PER_MILLISECOND, untilMs * MICROSECONDS_PER_MILLISECOND];
    const [fromDay, toDay] = [throughMs, untilMs].map((ms) => Math.floor(ms / MILLISECONDS_PER_DAY)) as [
      number,
      number,
    ];
    for (const { day, events } of daysOf(fromDay, toDay)) {
      const fresh = events.filter(({ time }) => time > after && time <= until);
      if (fresh.length > 0) yield fresh;
      onDay?.((day - fromDay + 1) / (toDay - fromDay + 1));
    }
  }

  return {
    async catchUp(onDay) {
      const untilMs = options.now();
      await options.importEvents(batchesUntil(untilMs, onDay));
      throughMs = untilMs;
      await options.onImported(untilMs);
    },
  };
}

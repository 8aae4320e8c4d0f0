import type { SampleEvent } from "./day.ts";
import { SAMPLE_DAYS, sampleDays } from "./sample-days.ts";

export interface SampleFeedOptions {
  /** The day of the first start, days since 1970 (UTC). */
  readonly anchorDay: number;
  /** Up to which instant the store has the sample already; absent on the first start. */
  readonly throughMs: number | undefined;
  readonly now: () => number;
  /** Takes events, oldest first; repeating some must change nothing. */
  readonly importEvents: (events: readonly SampleEvent[]) => Promise<unknown>;
  /** Told after each import up to where the store has the sample now. */
  readonly onImported: (throughMs: number) => void;
}

export interface SampleFeed {
  /** Imports everything that happened up to now. `onDay` hears of each day done, with the share of all in [0, 1]. */
  catchUp(onDay?: (share: number) => void): Promise<number>;
}

const MILLISECONDS_PER_DAY = 86_400_000;
const BATCH_EVENTS = 25_000;

/** Keeps the sample product alive: a year of events at first, and what happened since at every later call. */
export function createSampleFeed(options: SampleFeedOptions): SampleFeed {
  let throughMs = options.throughMs ?? (options.anchorDay - SAMPLE_DAYS) * MILLISECONDS_PER_DAY - 1;
  let today: { day: number; events: readonly SampleEvent[] } | undefined;

  /** Today's events are kept, so that the small steps of a running feed cost nothing. */
  function* daysOf(fromDay: number, toDay: number): Iterable<{ day: number; events: readonly SampleEvent[] }> {
    if (today?.day === fromDay && fromDay === toDay) yield today;
    else
      for (const made of sampleDays({ anchorDay: options.anchorDay, fromDay, toDay })) {
        today = made;
        yield made;
      }
  }

  return {
    async catchUp(onDay) {
      const untilMs = options.now();
      const after = new Date(throughMs).toISOString();
      const until = new Date(untilMs).toISOString();
      const fromDay = Math.floor(throughMs / MILLISECONDS_PER_DAY);
      const toDay = Math.floor(untilMs / MILLISECONDS_PER_DAY);
      let imported = 0;
      let batch: SampleEvent[] = [];
      for (const { day, events } of daysOf(fromDay, toDay)) {
        for (const event of events) if (event.time > after && event.time <= until) batch.push(event);
        if (batch.length < BATCH_EVENTS && day < toDay) continue;
        if (batch.length > 0) await options.importEvents(batch);
        imported += batch.length;
        batch = [];
        onDay?.((day - fromDay + 1) / (toDay - fromDay + 1));
      }
      throughMs = untilMs;
      options.onImported(untilMs);
      return imported;
    },
  };
}

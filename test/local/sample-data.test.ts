import { describe, expect, test } from "vitest";
import type { SampleEvent } from "../../local/sample-data/day.ts";
import { sampleDays } from "../../local/sample-data/sample-days.ts";
import { createSampleFeed } from "../../local/sample-data/sample-feed.ts";

const DAY_MS = 86_400_000;
const anchorDay = Math.floor(Date.parse("2026-11-23T00:00:00Z") / DAY_MS);
const lastWeek = { anchorDay, fromDay: anchorDay - 6, toDay: anchorDay };
const year = { anchorDay, fromDay: anchorDay - 365, toDay: anchorDay };

function count(events: readonly SampleEvent[], event: string): number {
  return events.filter((one) => one.event === event).length;
}

/** `2026-11-23T11` */
function hourOf(event: SampleEvent | undefined): string {
  return new Date((event?.time ?? 0) / 1_000).toISOString().slice(0, 13);
}

describe("sampleDays", () => {
  const days = [...sampleDays(year)];

  test("makes about a million events over a year that ends on the anchor day", () => {
    const events = days.reduce((sum, day) => sum + day.events.length, 0);
    expect(events).toBeGreaterThan(900_000);
    expect(events).toBeLessThan(1_300_000);
    expect(days.at(-1)?.day).toBe(anchorDay);
    expect(days).toHaveLength(366);
  });

  test("makes the same events each time, and the same days whichever range is asked for", () => {
    expect([...sampleDays(lastWeek)]).toEqual(days.slice(-7));
  });

  test("gives every event its own id and a time within its day, in order", () => {
    const ids = new Set<string>();
    for (const { day, events } of days) {
      let previous = 0;
      for (const { id, time } of events) {
        ids.add(id);
        if (Math.floor(time / 1_000 / DAY_MS) !== day || time < previous) throw new Error(`${id} at ${time}`);
        previous = time;
      }
    }
    expect(ids.size).toBe(days.reduce((sum, day) => sum + day.events.length, 0));
  });

  test("grows, is quiet at weekends, and has its outage 41 days before the end", () => {
    const sessions = days.map(({ events }) => count(events, "session"));
    const mean = (from: number, to: number): number =>
      sessions.slice(from, to).reduce((a, b) => a + b, 0) / (to - from);
    expect(mean(-28, -1) / mean(60, 88)).toBeGreaterThan(1.5);
    const sunday = days.length - 2;
    expect(sessions[sunday]).toBeLessThan((sessions[sunday - 3] ?? 0) * 0.6);
    const outage = days.length - 1 - 41;
    const errorsPerSession = (at: number): number => count(days[at]?.events ?? [], "error") / (sessions[at] ?? 1);
    expect(errorsPerSession(outage)).toBeGreaterThan(5 * errorsPerSession(outage - 7));
  });
});

describe("createSampleFeed", () => {
  function feedAt(start: string, throughMs: number | undefined) {
    let nowMs = Date.parse(start);
    const imported: SampleEvent[] = [];
    const feed = createSampleFeed({
      anchorDay,
      throughMs,
      now: () => nowMs,
      importEvents: async (batches) => {
        for (const events of batches) imported.push(...events);
      },
      onImported: async (ms) => expect(ms).toBe(nowMs),
    });
    return { feed, imported, moveTo: (instant: string) => (nowMs = Date.parse(instant)) };
  }

  test("the first catch-up brings a year and nothing from the future", async () => {
    const { feed, imported } = feedAt("2026-11-23T12:00:00Z", undefined);
    const shares: number[] = [];
    await feed.catchUp((share) => shares.push(share));
    expect(imported.length).toBeGreaterThan(900_000);
    expect(hourOf(imported.at(-1))).toBe("2026-11-23T11");
    expect(shares.at(-1)).toBe(1);
  });

  test("later catch-ups bring each event once, across midnight too", async () => {
    const { feed, imported, moveTo } = feedAt("2026-11-23T12:00:00Z", Date.parse("2026-11-23T00:00:00Z") - 1);
    for (const instant of [
      "2026-11-23T12:00:00Z",
      "2026-11-23T12:00:15Z",
      "2026-11-23T23:59:59.999Z",
      "2026-11-25T00:00:00Z",
    ]) {
      moveTo(instant);
      await feed.catchUp();
    }
    const wanted = [...sampleDays({ anchorDay, fromDay: anchorDay, toDay: anchorDay + 1 })].flatMap(
      (day) => day.events,
    );
    expect(imported.map((event) => event.id)).toEqual(wanted.map((event) => event.id));
  });

  test("a restart goes on where the last one stopped", async () => {
    const { feed, imported } = feedAt("2026-11-23T12:00:00Z", Date.parse("2026-11-23T11:00:00Z"));
    await feed.catchUp();
    expect(imported.every((event) => hourOf(event) === "2026-11-23T11")).toBe(true);
  });
});

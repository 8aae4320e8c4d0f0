import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Roster, type Seat } from "../../../gateway/src/limits/roster.ts";

describe("a roster", () => {
  test("holds what a Set would, whoever comes and goes", () => {
    const numbers = [0, 1, 2, 3, 4, 5];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.constantFrom(...numbers))), (steps) => {
        const roster = new Roster<number>();
        const seats = new Map<number, Seat<number>>();
        const set = new Set<number>();
        for (const [isAdded, number] of steps) {
          const seat = seats.get(number);
          if (isAdded && !set.has(number)) {
            seats.set(number, roster.add(number));
            set.add(number);
          } else if (!isAdded && seat !== undefined) {
            expect(roster.delete(seat)).toBe(set.delete(number));
          }
        }
        expect(roster.size).toBe(set.size);
        expect(new Set(roster.all())).toEqual(set);
        expect(roster.seats().map(({ place }) => place)).toEqual([...roster.seats().keys()]);
      }),
    );
  });

  test("can be left while it is looked through", () => {
    const roster = new Roster<object>();
    for (let count = 0; count < 3; count += 1) roster.add({});
    for (const seat of roster.seats()) roster.delete(seat);
    expect(roster.size).toBe(0);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Roster } from "../../../gateway/src/limits/roster.ts";

describe("a roster", () => {
  test("holds what a Set would, whoever comes and goes", () => {
    const members = Array.from({ length: 6 }, (_, number) => ({ number }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.constantFrom(...members))), (steps) => {
        const roster = new Roster<(typeof members)[number]>();
        const set = new Set<(typeof members)[number]>();
        for (const [isAdded, member] of steps) {
          if (isAdded) {
            roster.add(member);
            set.add(member);
          } else {
            expect(roster.delete(member)).toBe(set.delete(member));
          }
        }
        expect(roster.size).toBe(set.size);
        expect(new Set(roster.all())).toEqual(set);
      }),
    );
  });

  test("can be left while it is looked through", () => {
    const roster = new Roster<object>();
    for (let count = 0; count < 3; count += 1) roster.add({});
    for (const member of roster.all()) roster.delete(member);
    expect(roster.size).toBe(0);
  });
});

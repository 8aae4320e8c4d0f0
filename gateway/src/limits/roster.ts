/** A member's place, by which it leaves again. */
export interface Seat<Member> {
  readonly member: Member;
  /** -1 when it has left. */
  place: number;
}

/**
 * Members that come and go all the time, in no order.
 *
 * Not a Set: one that is added to and deleted from without end is rebuilt again and again, and each old table that V8 has
 * promoted holds on to the next one, and so to the members of that moment, until the next full collection. With a member for
 * each request that was a quarter of all that was ever allocated, and most of the time spent in collections.
 */
export class Roster<Member> {
  readonly #seats: Seat<Member>[] = [];

  get size(): number {
    return this.#seats.length;
  }

  add(member: Member): Seat<Member> {
    const seat = { member, place: this.#seats.length };
    this.#seats.push(seat);
    return seat;
  }

  /** The last one takes its place. @returns Whether it was there. */
  delete(seat: Seat<Member>): boolean {
    const { place } = seat;
    const last = place === -1 ? undefined : this.#seats.pop();
    if (last === undefined) return false;
    if (last !== seat) {
      this.#seats[place] = last;
      last.place = place;
    }
    seat.place = -1;
    return true;
  }

  /** Those of now: members may leave while they are looked at. */
  all(): readonly Member[] {
    return this.#seats.map(({ member }) => member);
  }

  /** The same, with the way to take one out. */
  seats(): readonly Seat<Member>[] {
    return [...this.#seats];
  }
}

/**
 * Members that come and go all the time, in no order.
 *
 * Not a Set: one that is added to and deleted from without end is rebuilt again and again, and each old table that V8 has
 * promoted holds on to the next one, and so to the members of that moment, until the next full collection. With a member for
 * each request that was a quarter of all that was ever allocated, and most of the time spent in collections.
 */
export class Roster<Member extends object> {
  readonly #members: Member[] = [];
  readonly #place = Symbol("place");

  get size(): number {
    return this.#members.length;
  }

  add(member: Member): void {
    if (this.#placeOf(member) !== undefined) return;
    this.#setPlace(member, this.#members.push(member) - 1);
  }

  /** The last one takes its place. @returns Whether it was there. */
  delete(member: Member): boolean {
    const place = this.#placeOf(member);
    const last = this.#members.at(-1);
    if (place === undefined || last === undefined) return false;
    this.#members[place] = last;
    this.#setPlace(last, place);
    this.#members.pop();
    this.#setPlace(member, undefined);
    return true;
  }

  /** Those of now: members may leave while they are looked at. */
  all(): readonly Member[] {
    return [...this.#members];
  }

  #placeOf(member: Member): number | undefined {
    return (member as { [place: symbol]: number | undefined })[this.#place];
  }

  #setPlace(member: Member, place: number | undefined): void {
    (member as { [place: symbol]: number | undefined })[this.#place] = place;
  }
}

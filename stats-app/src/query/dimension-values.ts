import type { Catalogue, Dimension, DimensionValue } from "../catalogue/catalogue.ts";
import { suggest } from "../catalogue/suggest.ts";
import { StatsError } from "../errors.ts";
import { identifier, sql } from "../store/sql.ts";
import { dimensionColumn, type StoreReader } from "../store/store.ts";
import { matchesGroups } from "./conditions.ts";
import type { Filter } from "./stats-query.ts";

const MAX_VALUES = 100;
const REFRESH_MS = 60_000;

/** The values of all dimensions: declared ones first, then the commonest seen in the data; at most 100 each. */
export type ValueLists = ReadonlyMap<string, readonly DimensionValue[]>;

export interface DimensionValues {
  /** Read from the data at most once a minute. */
  lists(): Promise<ValueLists>;
  /**
   * Writes filters with the values that are stored: `germany` becomes `DE`.
   *
   * @throws {StatsError} `ERR_QUERY_UNKNOWN_VALUE` for a value that is neither declared nor stored, and those of `StoreReader.read`
   */
  resolveFilters(filters: readonly Filter[], signal?: AbortSignal): Promise<readonly Filter[]>;
}

export function createDimensionValues(catalogue: Catalogue, store: StoreReader, now: () => number): DimensionValues {
  let kept: Promise<ValueLists> | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  const refresh = () => {
    readAtMs = now();
    const fresh = readLists(catalogue, store);
    fresh.then(
      () => {
        kept = fresh;
      },
      () => {
        readAtMs = Number.NEGATIVE_INFINITY;
        if (kept === fresh) kept = undefined;
      },
    );
    return fresh;
  };
  // Once there are lists, nobody waits for newer ones: they are there for the next question.
  const lists = () => {
    const isStale = now() - readAtMs >= REFRESH_MS;
    if (kept === undefined) kept = refresh();
    else if (isStale) void refresh();
    return kept;
  };
  return {
    lists,
    async resolveFilters(filters, signal) {
      if (filters.length === 0) return filters;
      const known = await lists();
      const resolved: Filter[] = [];
      // One after the other: a refused filter, or an asker who left, ends the reading.
      for (const filter of filters) {
        const path = `filters.${resolved.length}.values`;
        resolved.push(await resolveFilter(filter, known.get(filter.dimension) ?? [], { store, signal, path }));
      }
      return resolved;
    },
  };
}

async function readLists(catalogue: Catalogue, store: StoreReader): Promise<ValueLists> {
  const entries = [...catalogue.dimensions.values()].map(
    async (dimension) => [dimension.name, await readList(dimension, store)] as const,
  );
  return new Map(await Promise.all(entries));
}

async function readList({ name, values }: Dimension, store: StoreReader): Promise<DimensionValue[]> {
  const column = identifier(dimensionColumn(name));
  const rows = await store.read(
    sql`SELECT ${column} AS seen FROM events WHERE ${column} IS NOT NULL GROUP BY seen
        ORDER BY count(*) DESC, seen LIMIT ${MAX_VALUES}`,
  );
  const declared = new Set(values.map(({ value }) => value));
  const seen = rows.map((row) => String(row["seen"])).filter((value) => !declared.has(value));
  return [...values, ...seen.map((value) => ({ value, title: value, aliases: [] }))].slice(0, MAX_VALUES);
}

interface Resolving {
  readonly store: StoreReader;
  readonly signal: AbortSignal | undefined;
  /** Where the values stand in the query. */
  readonly path: string;
}

async function resolveFilter(filter: Filter, list: readonly DimensionValue[], resolving: Resolving): Promise<Filter> {
  const known = filter.values.map((asked) => findValue(asked, list)?.value);
  const rest = filter.values.filter((_, index) => known[index] === undefined);
  const stored = await storedOf(rest, filter.dimension, resolving);
  const unknown = rest.find((asked) => !stored.has(asked));
  if (unknown !== undefined) throw unknownValue(unknown, filter.dimension, list, resolving.path);
  return { ...filter, values: filter.values.map((asked, index) => known[index] ?? asked) };
}

/** Which of the values some event has: read once for all of them, for each reading may look at every event. */
async function storedOf(
  values: readonly string[],
  dimension: string,
  { store, signal }: Resolving,
): Promise<ReadonlySet<string>> {
  if (values.length === 0) return new Set();
  const condition = matchesGroups(dimension, values);
  const rows = await store.read(
    sql`SELECT DISTINCT ${identifier(dimensionColumn(dimension))} AS seen FROM events WHERE ${condition}`,
    signal,
  );
  return new Set(rows.map((row) => String(row["seen"])));
}

function unknownValue(asked: string, dimension: string, list: readonly DimensionValue[], path: string): StatsError {
  const candidates = list.map(({ value, title, aliases }) => ({ name: value, words: [title, ...aliases] }));
  const message = `No event has the ${dimension} ${JSON.stringify(asked.slice(0, 80))}.`;
  return new StatsError("ERR_QUERY_UNKNOWN_VALUE", message, {
    problems: [{ path, message: "is not a value of the dimension" }],
    suggestions: suggest(asked, candidates),
  });
}

function findValue(asked: string, list: readonly DimensionValue[]): DimensionValue | undefined {
  const exact = list.find(({ value }) => value === asked);
  if (exact !== undefined) return exact;
  const word = asked.toLowerCase();
  return list.find(({ value, title, aliases }) =>
    [value, title, ...aliases].some((known) => known.toLowerCase() === word),
  );
}

/** What to call a group of a breakdown. */
export function titleIn(lists: ValueLists, dimension: string, value: string | null): string {
  if (value === null) return "Not set";
  return lists.get(dimension)?.find((known) => known.value === value)?.title ?? (value === "" ? "Empty" : value);
}

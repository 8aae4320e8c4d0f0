import { type Metric, sourcesOf } from "../catalogue/catalogue.ts";
import { sql } from "../store/sql.ts";
import type { StoreReader } from "../store/store.ts";

/** When the first and the last event of each kind happened, microseconds since 1970. */
export type Coverage = ReadonlyMap<string, { readonly firstUs: number; readonly lastUs: number }>;

export async function readCoverage(store: StoreReader): Promise<Coverage> {
  const rows = await store.read(
    sql`SELECT event, min(time_us) AS first_us, max(time_us) AS last_us FROM events GROUP BY event`,
  );
  return new Map(
    rows.map((row) => [String(row["event"]), { firstUs: Number(row["first_us"]), lastUs: Number(row["last_us"]) }]),
  );
}

/** First and last event of everything that these metrics count; null when there is none. */
export function coverageOf(coverage: Coverage, metrics: Iterable<Metric>): { firstUs: number; lastUs: number } | null {
  const events = new Set([...metrics].flatMap(({ measure }) => sourcesOf(measure)).map(({ event }) => event));
  const seen = [...events].flatMap((event) => coverage.get(event) ?? []);
  if (seen.length === 0) return null;
  return {
    firstUs: Math.min(...seen.map(({ firstUs }) => firstUs)),
    lastUs: Math.max(...seen.map(({ lastUs }) => lastUs)),
  };
}

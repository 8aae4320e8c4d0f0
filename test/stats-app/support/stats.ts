import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, readConfig } from "@gatehouse/service";
import { createStatsApp, type StatsAnswer, type StatsApp, statsConfigSchema } from "@gatehouse/stats-app";
import { AUDIENCE, ISSUER, startTestAccess, type TestAccess } from "./access.ts";

/** A Monday noon, so that this week is half a day old. */
export const NOON = Date.parse("2026-11-23T12:00:00Z");

export const FLIGHTS_FILE = new URL("../../../node_modules/vega-datasets/data/flights-3m.parquet", import.meta.url)
  .pathname;
export const FLIGHTS_CATALOGUE = new URL("../../data/flights.metrics.yaml", import.meta.url).pathname;

/** The whole app on port 0, with a moved clock and its log lines kept. */
export interface TestStats {
  readonly app: StatsApp;
  readonly origin: string;
  readonly access: TestAccess;
  readonly folder: string;
  readonly lines: string[];
  /** What the clock says, milliseconds since 1970. */
  now: number;
  ask(query: object): Promise<StatsAnswer>;
  post(path: string, body: string | Buffer, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export async function startTestStats(environment: Record<string, string> = {}): Promise<TestStats> {
  const folder = mkdtempSync(join(tmpdir(), "stats-"));
  const lines: string[] = [];
  const access = await startTestAccess(() => stats.now);
  const config = readConfig(statsConfigSchema, {
    STATS_PORT: "0",
    STATS_DATABASE_URL: `file:${join(folder, "stats.duckdb")}`,
    STATS_ACCESS_ISSUER: ISSUER,
    STATS_ACCESS_AUDIENCE: AUDIENCE,
    STATS_ACCESS_JWKS_URL: access.jwksUrl,
    ...environment,
  });
  const stats = { now: NOON } as TestStats;
  const logger = createLogger({ app: "stats-app", destination: { write: (line) => lines.push(line) } });
  const app = await createStatsApp(config, { now: () => stats.now, logger });
  const origin = `http://127.0.0.1:${await app.listen()}`;
  const post: TestStats["post"] = async (path, body, headers) =>
    fetch(`${origin}${path}`, {
      method: "POST",
      body: new Uint8Array(Buffer.from(body)),
      headers: { "content-type": "application/json", ...(headers ?? (await access.asService())) },
    });
  return Object.assign(stats, {
    app,
    origin,
    access,
    folder,
    lines,
    post,
    async ask(query: object) {
      const response = await post("/api/v1/query", JSON.stringify(query));
      const answer = await response.json();
      if (response.status !== 200) throw new TypeError(`${response.status} ${JSON.stringify(answer)}`);
      return answer as StatsAnswer;
    },
    async close() {
      await app.close();
      await access.close();
      rmSync(folder, { recursive: true });
    },
  });
}

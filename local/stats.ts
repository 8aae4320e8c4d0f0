import { readConfig } from "@gatehouse/service";
import { createStatsApp, type StatsApp, statsConfigSchema } from "@gatehouse/stats-app";
import type { LocalDeps } from "./deps.ts";
import { createSampleFeed, type SampleFeed } from "./sample-data/sample-feed.ts";
import { type LocalState, saveState } from "./state.ts";

/** How often the sample product's newest events arrive. */
const FEED_INTERVAL_MS = 15_000;

/** Starts the stats app on its own port, trusting the local gateway, and fills it with the sample product's events. */
export async function startStats(state: LocalState, issuer: string, deps: LocalDeps): Promise<void> {
  const { settings, env, loggerFor, now, onStop } = deps;
  const config = readConfig(statsConfigSchema, {
    STATS_CATALOGUE: env.STATS_CATALOGUE,
    STATS_MEMORY_LIMIT: env.STATS_MEMORY_LIMIT,
    STATS_THREADS: env.STATS_THREADS,
    STATS_HOST: "127.0.0.1",
    STATS_PORT: String(settings.statsPort),
    STATS_DATABASE_URL: `file:${settings.dataFolder}/stats.duckdb`,
    STATS_ACCESS_ISSUER: issuer,
    STATS_ACCESS_AUDIENCE: state.audience,
  });
  const logger = loggerFor("stats-app");
  const app = await createStatsApp(config, { logger, now });
  onStop(() => app.close());
  await app.listen();
  if (!settings.hasSampleData) return;
  const feed = openFeed(app, state, deps);
  await feed.catchUp((share) => deps.onProgress("Making a year of sample data", share));
  keepFeeding(feed, deps);
}

function openFeed(app: StatsApp, state: LocalState, { settings, now }: LocalDeps): SampleFeed {
  return createSampleFeed({
    anchorDay: state.anchorDay,
    throughMs: state.sampleThroughMs,
    now,
    importEvents: (batches) => app.importEvents(batches),
    onImported(throughMs) {
      state.sampleThroughMs = throughMs;
      return saveState(settings.dataFolder, state);
    },
  });
}

function keepFeeding(feed: SampleFeed, { loggerFor, onStop }: LocalDeps): void {
  const logger = loggerFor("sample-data");
  let last: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(() => feed.catchUp()).catch((err: unknown) => logger.warn({ err }, "the sample feed paused"));
  }, FEED_INTERVAL_MS);
  onStop(async () => {
    clearInterval(timer);
    await last;
  });
}

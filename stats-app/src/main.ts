import { createLogger, readConfig, readEnvironment, runService } from "@gatehouse/service";
import { createStatsApp } from "./app.ts";
import { statsConfigSchema } from "./config.ts";

await runService({ app: "stats-app" }, async () => {
  const config = readConfig(statsConfigSchema, readEnvironment());
  const logger = createLogger({ app: "stats-app", level: config.LOG_LEVEL });
  const app = await createStatsApp(config, { logger });
  const port = await app.listen().catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  logger.info({ host: config.STATS_HOST, port }, "listening");
  return { service: { stop: () => app.close() }, logger };
});

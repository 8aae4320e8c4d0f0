import { createLogger, readEnvironment, runService } from "@gatehouse/service";
import { createBot } from "./bot.ts";
import { readBotConfig } from "./config.ts";

await runService({ app: "bot" }, async () => {
  const config = readBotConfig(readEnvironment());
  const logger = createLogger({ app: "bot", level: config.logLevel });
  // A bot that can hear nobody is of no use: it ends, and its supervisor starts it again.
  const bot = createBot(config, { logger, onFatal: () => process.exit(1) });
  await bot.start();
  return { service: { stop: () => bot.stop() }, logger };
});

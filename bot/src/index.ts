export { type Bot, type BotDeps, createBot } from "./bot.ts";
export { type BotConfig, readBotConfig, type StatsConfig, type TransportConfig } from "./config.ts";
export { BotError, type BotErrorCode } from "./errors.ts";
export { createStatsClient, type StatsClient } from "./stats-client.ts";

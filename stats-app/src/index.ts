export { createStatsApp, type StatsApp, type StatsDeps } from "./app.ts";
export { type StatsConfig, type StatsConfigInput, statsConfigSchema } from "./config.ts";
export { StatsError, type StatsErrorCode } from "./errors.ts";
export type { EventInput } from "./ingest/ingest.ts";
export type { CatalogueAnswer } from "./query/catalogue-answer.ts";
export type { StatsAnswer } from "./query/stats-answer.ts";
export type { StatsQueryInput } from "./query/stats-query.ts";
export type { WriteResult } from "./store/store.ts";

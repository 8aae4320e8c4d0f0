export { type Environment, readConfig } from "./config.ts";
export { readEnvironment } from "./dot-env.ts";
export { ConfigError, type ConfigProblem, ServiceError, type ServiceErrorCode } from "./errors.ts";
export { closeServer, type ListenOptions, listen } from "./listen.ts";
export { createLogger, type Logger, type LoggerOptions } from "./logger.ts";
export { type RunningService, runService } from "./main.ts";
export { createPageAssets, type PageAsset, type PageAssets } from "./page-assets.ts";
export { redactSecrets } from "./redact.ts";
export { continueTrace, startTrace, type Trace } from "./trace.ts";

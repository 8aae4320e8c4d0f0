import { resolve } from "node:path";
import { type Environment, readConfig } from "@gatehouse/service";
import { z } from "zod";

const port = (fallback: number) =>
  z.coerce.number({ error: "must be a port number" }).int().min(0).max(65_535).default(fallback);

const schema = z.object({
  LOCAL_CHAT_PORT: port(4000),
  GATEWAY_PORT: port(4001),
  GATEWAY_ADMIN_PORT: port(4004),
  STATS_PORT: port(4002),
  LOCAL_IDENTITY_PORT: port(4003),
  LOCAL_DATA_FOLDER: z.string().default(".data/local"),
  LOCAL_SAMPLE_DATA: z
    .enum(["true", "false"], { error: "must be true or false" })
    .default("true")
    .transform((value) => value === "true"),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error"], { error: "must be one of debug, info, warn, error" })
    .default("warn"),
});

/** What `npm start` is told by the environment; the apps' own variables are read by the apps. */
export interface LocalSettings {
  readonly chatPort: number;
  readonly gatewayPort: number;
  readonly adminPort: number;
  readonly statsPort: number;
  readonly identityPort: number;
  /** Absolute; holds everything that survives a restart. */
  readonly dataFolder: string;
  /** Whether the invented product's events are made, and go on while it runs. */
  readonly hasSampleData: boolean;
  /** What the terminal shows; the log file always has `info` and above. */
  readonly terminalLevel: "debug" | "info" | "warn" | "error";
}

/** @throws {ConfigError} `ERR_CONFIG_INVALID` */
export function readLocalSettings(env: Environment): LocalSettings {
  const values = readConfig(schema, env);
  return {
    chatPort: values.LOCAL_CHAT_PORT,
    gatewayPort: values.GATEWAY_PORT,
    adminPort: values.GATEWAY_ADMIN_PORT,
    statsPort: values.STATS_PORT,
    identityPort: values.LOCAL_IDENTITY_PORT,
    dataFolder: resolve(values.LOCAL_DATA_FOLDER),
    hasSampleData: values.LOCAL_SAMPLE_DATA,
    terminalLevel: values.LOG_LEVEL,
  };
}

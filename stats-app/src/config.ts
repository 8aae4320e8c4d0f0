import { fileURLToPath } from "node:url";
import { z } from "zod";

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);
const url = z.url({ protocol: /^https?$/, error: "must be an http or https URL" });

/** The stats app's environment variables; `readConfig` reads them. */
export const statsConfigSchema = z.object({
  STATS_HOST: z.string().default("127.0.0.1"),
  /** 0 takes any free port. */
  STATS_PORT: wholeNumber(0, 65_535).default(4002),
  /** `file:` and a path, relative to where the app is started. */
  STATS_DATABASE_URL: z.string().default("file:.data/stats.duckdb"),
  /** Catalogue files, separated by commas. Default: the sample product's. */
  STATS_CATALOGUE: z
    .string()
    .default(fileURLToPath(new URL("../metrics.yaml", import.meta.url)))
    .transform((files) =>
      files
        .split(",")
        .map((file) => file.trim())
        .filter((file) => file !== ""),
    ),
  /** The gateway's or team's URL, as in the claim `iss`. */
  STATS_ACCESS_ISSUER: url.refine((value) => !value.endsWith("/"), "must not end with a slash"),
  /** The application's AUD tag; several are separated by commas. */
  STATS_ACCESS_AUDIENCE: z.string().transform((tags) => tags.split(",").map((tag) => tag.trim())),
  /** Where the public keys are. Default: under the issuer. */
  STATS_ACCESS_JWKS_URL: url.optional(),
  /** What DuckDB may use. */
  STATS_MEMORY_LIMIT: z
    .string()
    .regex(/^\d+(?:\.\d+)?\s?(?:MB|GB|MiB|GiB)$/, "must be a size, such as 1GB")
    .default("1GB"),
  /** DuckDB's threads. Default: one per core. */
  STATS_THREADS: wholeNumber(1, 256).optional(),
  STATS_QUERY_TIMEOUT_MS: wholeNumber(100, 600_000).default(15_000),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).default("info"),
});

export type StatsConfig = z.output<typeof statsConfigSchema>;
export type StatsConfigInput = z.input<typeof statsConfigSchema>;

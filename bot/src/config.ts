import { type CredentialSource, environmentCredentials } from "@gatehouse/access-client";
import { parseSecureUrl } from "@gatehouse/access-client/protocol";
import { AdminError, type ApiSettings, placeOfApi } from "@gatehouse/admin/rotation";
import { type Environment, readConfig } from "@gatehouse/service";
import { parseDatabaseUrl } from "@gatehouse/service/store";
import { z } from "zod";

export interface StatsConfig {
  /** Origin of the stats app behind the gateway. */
  readonly url: string;
  /** Where the service token comes from; a source that is watched is followed without a restart. */
  readonly credentials: CredentialSource;
  /** The one file that holds both halves of the service token, where they come from such a one: a rotation writes it. */
  readonly credentialsFile?: string;
  /** For one question. */
  readonly timeoutMs: number;
}

export type TransportConfig =
  | { readonly kind: "socket"; readonly appToken: string }
  | { readonly kind: "http"; readonly signingSecret: string; readonly host: string; readonly port: number };

/** Who is told in private what concerns the service token. */
export interface AdminsConfig {
  /** The id of the channel that gets expiry notices; absent, each of `users` gets them. */
  readonly channel?: string;
  /** Slack user ids. */
  readonly users: readonly string[];
}

export interface BotConfig {
  readonly slack: {
    readonly botToken: string;
    /** Ends with a slash. */
    readonly apiUrl: string;
    readonly transport: TransportConfig;
  };
  readonly stats: StatsConfig;
  readonly admins: AdminsConfig;
  /** Remembers which notices the admins got: `file:PATH`, or `postgres://…` for replicas on several machines. */
  readonly databaseUrl: string;
  /** The API that knows the service token and rotates it; absent where no API token was given. */
  readonly adminApi?: ApiSettings;
  /** Whether channels shared with another company (Slack Connect) get answers. */
  readonly allowSharedChannels: boolean;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
}

const url = z.url({ protocol: /^https?$/, error: "must be a URL, such as https://stats.example.com" });
const secureUrl = z.string().refine((text) => isSecure(text), "must be a URL with https, or with http to this machine");
const flag = z.enum(["true", "false"], { error: "must be true or false" }).transform((value) => value === "true");
const channelId = z.string().regex(/^[CG][A-Z0-9]{2,}$/, "must be a channel's id, such as C0123456789");
const userIds = z
  .string()
  .transform((list) => list.split(",").map((id) => id.trim()))
  .pipe(z.array(z.string().regex(/^[UW][A-Z0-9]{2,}$/, "must be user ids, such as U0123456789, separated by commas")));

const ID = "CLOUDFLARE_ACCESS_CLIENT_ID";
const SECRET = "CLOUDFLARE_ACCESS_CLIENT_SECRET";

const environmentSchema = z
  .object({
    SLACK_BOT_TOKEN: z.string().startsWith("xoxb-", "must be a bot token; it begins with xoxb-"),
    SLACK_APP_TOKEN: z.string().startsWith("xapp-", "must be an app-level token; it begins with xapp-").optional(),
    SLACK_SIGNING_SECRET: z.string().min(8, "is too short for a signing secret").optional(),
    SLACK_API_URL: url.default("https://slack.com/api/"),
    BOT_HOST: z.string().default("127.0.0.1"),
    BOT_PORT: z.coerce.number({ error: "must be a port number" }).int().min(0).max(65_535).default(3_100),
    STATS_URL: url,
    CLOUDFLARE_ACCESS_CLIENT_ID: z.string().optional(),
    CLOUDFLARE_ACCESS_CLIENT_SECRET: z.string().optional(),
    CLOUDFLARE_ACCESS_CREDENTIALS: z.string().optional(),
    BOT_STATS_TIMEOUT_MS: z.coerce
      .number({ error: "must be a number of milliseconds" })
      .int()
      .min(100)
      .max(600_000)
      .default(20_000),
    BOT_ALLOW_SHARED_CHANNELS: flag.default(false),
    BOT_ADMINS: userIds.default([]),
    BOT_ADMIN_CHANNEL: channelId.optional(),
    BOT_DATABASE_URL: z
      .string()
      .refine((text) => parseDatabaseUrl(text) !== undefined, "must be file:PATH or postgres://USER:PASSWORD@HOST/NAME")
      .default("file:.data/bot.sqlite"),
    CLOUDFLARE_BASE_URL: secureUrl.optional(),
    CLOUDFLARE_API_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]+$/, "has a space or a line break in it")
      .optional(),
    CLOUDFLARE_ACCOUNT_ID: z.string().optional(),
    LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  })
  .refine((env) => env.SLACK_APP_TOKEN !== undefined || env.SLACK_SIGNING_SECRET !== undefined, {
    path: ["SLACK_APP_TOKEN"],
    error: "is required for Socket Mode; or set SLACK_SIGNING_SECRET for HTTP",
    when: () => true,
  })
  .refine((env) => isWhole(env) || env.CLOUDFLARE_ACCESS_CLIENT_ID !== undefined, required(ID))
  .refine((env) => isWhole(env) || env.CLOUDFLARE_ACCESS_CLIENT_SECRET !== undefined, required(SECRET))
  .refine((env) => !isWhole(env) || (env[ID] ?? env[SECRET]) === undefined, {
    path: ["CLOUDFLARE_ACCESS_CREDENTIALS"],
    error: `is set beside ${ID} or ${SECRET}; keep one`,
    when: () => true,
  })
  .refine((env) => !lacksAccount(env), {
    path: ["CLOUDFLARE_ACCOUNT_ID"],
    error: "is required for Cloudflare's API; for our gateway's API set CLOUDFLARE_BASE_URL",
    when: () => true,
  });

interface ApiVariables {
  readonly CLOUDFLARE_BASE_URL?: string | undefined;
  readonly CLOUDFLARE_API_TOKEN?: string | undefined;
  readonly CLOUDFLARE_ACCOUNT_ID?: string | undefined;
}

function lacksAccount(env: ApiVariables): boolean {
  // An address that cannot be used has its own problem.
  if (env.CLOUDFLARE_BASE_URL !== undefined && !isSecure(env.CLOUDFLARE_BASE_URL)) return false;
  try {
    readAdminApi(env);
    return false;
  } catch (error) {
    return error instanceof AdminError;
  }
}

function isSecure(text: string): boolean {
  try {
    return parseSecureUrl(text, "it") instanceof URL;
  } catch {
    return false;
  }
}

function isWhole(env: { readonly CLOUDFLARE_ACCESS_CREDENTIALS?: string | undefined }): boolean {
  return env.CLOUDFLARE_ACCESS_CREDENTIALS !== undefined;
}

function required(name: string) {
  const error = `is required: set ${name} or ${name}_FILE, or both in one by CLOUDFLARE_ACCESS_CREDENTIALS_FILE`;
  return { path: [name], error, when: () => true };
}

/**
 * The bot's configuration. With an app token it speaks Socket Mode, else HTTP with the signing secret.
 *
 * @throws {ConfigError} `ERR_CONFIG_INVALID`, with every problem
 */
export function readBotConfig(env: Environment): BotConfig {
  const values = readConfig(environmentSchema, env);
  const {
    SLACK_APP_TOKEN: appToken,
    SLACK_SIGNING_SECRET: signingSecret = "",
    BOT_HOST: host,
    BOT_PORT: port,
  } = values;
  const credentialsFile = env["CLOUDFLARE_ACCESS_CREDENTIALS_FILE"] || undefined;
  return {
    slack: {
      botToken: values.SLACK_BOT_TOKEN,
      apiUrl: values.SLACK_API_URL.endsWith("/") ? values.SLACK_API_URL : `${values.SLACK_API_URL}/`,
      transport: appToken === undefined ? { kind: "http", signingSecret, host, port } : { kind: "socket", appToken },
    },
    stats: {
      url: new URL(values.STATS_URL).origin,
      credentials: environmentCredentials(env),
      ...(credentialsFile !== undefined && { credentialsFile }),
      timeoutMs: values.BOT_STATS_TIMEOUT_MS,
    },
    admins: {
      users: [...new Set(values.BOT_ADMINS)],
      ...(values.BOT_ADMIN_CHANNEL !== undefined && { channel: values.BOT_ADMIN_CHANNEL }),
    },
    ...readAdminApi(values),
    databaseUrl: values.BOT_DATABASE_URL,
    allowSharedChannels: values.BOT_ALLOW_SHARED_CHANNELS,
    logLevel: values.LOG_LEVEL,
  };
}

function readAdminApi(env: ApiVariables): { adminApi?: ApiSettings } {
  const { CLOUDFLARE_BASE_URL: baseUrl, CLOUDFLARE_ACCOUNT_ID: accountId, CLOUDFLARE_API_TOKEN: apiToken } = env;
  return apiToken === undefined ? {} : { adminApi: { ...placeOfApi({ baseUrl, accountId }), apiToken } };
}

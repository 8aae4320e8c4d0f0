import type { Logger } from "@gatehouse/service";
import { App, type CodedError } from "@slack/bolt";
import type { WebClientOptions } from "@slack/web-api";
import { type AdminConsole, createAdminConsole } from "./admin/console.ts";
import type { Services } from "./answering/services.ts";
import { createAudiences } from "./audience.ts";
import { createCatalogueCache } from "./catalogue-cache.ts";
import type { BotConfig } from "./config.ts";
import { slackReason } from "./delivery/post.ts";
import { createDuplicates } from "./duplicates.ts";
import { BotError } from "./errors.ts";
import { createJobs } from "./jobs.ts";
import { registerListeners } from "./listeners/index.ts";
import { readTokenEnd } from "./notices/token-end.ts";
import { createTokenWatch } from "./notices/token-watch.ts";
import { createBoltLogger } from "./slack/bolt-logger.ts";
import { createHttpLink } from "./slack/http-link.ts";
import type { SlackLink } from "./slack/link.ts";
import { createSocketLink } from "./slack/socket-link.ts";
import { createStatsClient, openStatsTransport, type StatsClient } from "./stats-client.ts";
import { createThreadMemory } from "./thread-memory.ts";

export interface BotDeps {
  readonly logger: Logger;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Default: one of its own, over access-client, closed with the bot. A given one is the giver's to close. */
  readonly stats?: StatsClient;
  /** How events arrive. Default: what `config.slack.transport` says. */
  readonly link?: SlackLink;
  /** For calls to Slack. Default: the global one. */
  readonly fetch?: WebClientOptions["fetch"];
  /** The connection to Slack is lost for good. Default: logs it; the process should end. */
  readonly onFatal?: (error: BotError) => void;
}

export interface Bot {
  /**
   * Checks the token with Slack and begins to receive. `port` is set in HTTP mode.
   *
   * @throws {BotError} `ERR_BOT_SLACK_START_FAILED`; {ServiceError} where the port cannot be had
   */
  start(): Promise<{ readonly port?: number }>;
  /** Receives nothing more, and waits for questions under way, both within `graceMs` (default 8,000). */
  stop(graceMs?: number): Promise<void>;
}

const DEFAULT_GRACE_MS = 8_000;
/** What a notice that is being posted gets in any case: cut off, it would be posted again. */
const MIN_WATCH_GRACE_MS = 1_000;
/** Slack's answers take well under a second; a stuck call must not hold a question. */
const SLACK_TIMEOUT_MS = 10_000;
const SLACK_RETRIES = { retries: 3, factor: 2, minTimeout: 500, maxTimeout: 10_000 };

/** The Slack bot: receives questions, asks the stats app through the gateway, and posts answers. */
export function createBot(config: BotConfig, deps: BotDeps): Bot {
  const { logger, now = Date.now } = deps;
  const link = deps.link ?? createLink(config, deps);
  const app = createApp(config, link, deps);
  const watch = createTokenWatch(config, {
    slack: app.client,
    readEnd: () => readTokenEnd(config.stats, (clientId) => admin.tokenEnd(clientId)),
    logger,
    now,
  });
  const stats = deps.stats ?? createStatsClient(config.stats, openStatsTransport(config.stats, watch.rotated));
  const admin = createAdminConsole(config, { logger, now, stats });
  const services = createServices(config, { logger, now, stats, admin });
  registerListeners(app, services, config);
  app.error(async (error: CodedError) => logger.error({ err: error }, "a listener failed"));
  return {
    start: async () => {
      await watch.start();
      const started = await start(app, link, logger);
      admin.start();
      return started;
    },
    stop: async (graceMs = DEFAULT_GRACE_MS) => {
      const deadlineMs = now() + graceMs;
      await link.stop(graceMs);
      const left = await services.jobs.drain(Math.max(0, deadlineMs - now()));
      if (left > 0) logger.warn({ left }, "questions were cut off");
      await admin.close();
      await watch.stop(Math.max(MIN_WATCH_GRACE_MS, deadlineMs - now()));
      if (deps.stats === undefined) await stats.close();
    },
  };
}

function createApp({ slack }: BotConfig, { receiver }: SlackLink, { logger, fetch }: BotDeps): App {
  return new App({
    receiver,
    token: slack.botToken,
    logger: createBoltLogger(logger),
    deferInitialization: true,
    convoStore: false,
    clientOptions: {
      slackApiUrl: slack.apiUrl,
      timeout: SLACK_TIMEOUT_MS,
      retryConfig: SLACK_RETRIES,
      allowAbsoluteUrls: false,
      ...(fetch && { fetch }),
    },
  });
}

function createServices(
  config: BotConfig,
  { logger, now, stats, admin }: { logger: Logger; now: () => number; stats: StatsClient; admin: AdminConsole },
): Services {
  return {
    catalogue: createCatalogueCache((trace) => stats.metrics(trace), now),
    stats,
    admin,
    audiences: createAudiences(config),
    memory: createThreadMemory(),
    duplicates: createDuplicates(),
    jobs: createJobs(),
    logger,
    now,
  };
}

function createLink({ slack }: BotConfig, { logger, now = Date.now, onFatal }: BotDeps): SlackLink {
  const { transport, apiUrl } = slack;
  const boltLogger = createBoltLogger(logger);
  if (transport.kind === "http") return createHttpLink({ ...transport, logger: boltLogger, now });
  return createSocketLink({
    appToken: transport.appToken,
    apiUrl,
    logger: boltLogger,
    onFatal: (error) => {
      logger.fatal({ err: error }, "the connection to Slack is lost");
      onFatal?.(error);
    },
  });
}

async function start(app: App, link: SlackLink, logger: Logger): Promise<{ port?: number }> {
  try {
    await app.init();
  } catch (cause) {
    throw startError(cause);
  }
  const started = await link.start().catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && String(cause.code).startsWith("ERR_")) throw cause;
    throw startError(cause);
  });
  logger.info(started, "bot started");
  return started;
}

function startError(cause: unknown): BotError {
  const message = `Slack refused (${slackReason(cause)}). Check SLACK_BOT_TOKEN, SLACK_APP_TOKEN and SLACK_API_URL.`;
  return new BotError("ERR_BOT_SLACK_START_FAILED", message, { cause });
}

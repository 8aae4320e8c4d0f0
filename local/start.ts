import { createBot, readBotConfig } from "@gatehouse/bot";
import type { Environment } from "@gatehouse/service";
import { startAccess } from "./access.ts";
import { startChat } from "./chat.ts";
import { claimDataFolder } from "./data-folder.ts";
import type { LocalDeps } from "./deps.ts";
import { openState } from "./state.ts";
import { startStats } from "./stats.ts";

export interface RunningLocal {
  /** The local chat page; absent when the bot talks to a real Slack. */
  readonly chatUrl?: string;
  /** The dashboard behind the local gateway; absent when the bot asks another stats app. */
  readonly dashboardUrl?: string;
  /** The local gateway's admin page; absent with the gateway. Signs in by itself, so it is a secret. */
  readonly adminUrl?: string;
  /** The stats app that the bot asks. */
  readonly statsUrl: string;
  stop(): Promise<void>;
}

const BOT_GRACE_MS = 1_000;

/**
 * Composes the whole product on one machine: identity provider, gateway, stats app with sample data, chat page, bot. What the
 * environment names already is used instead: Slack's tokens, or a stats app at `STATS_URL`.
 *
 * @throws what any part throws; the parts that had started are stopped again.
 */
export async function startLocal(options: Omit<LocalDeps, "onStop">): Promise<RunningLocal> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let end = stops.pop(); end !== undefined; end = stops.pop()) await end();
  };
  const deps: LocalDeps = { ...options, onStop: (end) => stops.push(end) };
  const release = claimDataFolder(options.settings.dataFolder);
  deps.onStop(async () => release());
  try {
    const chat = await startSlack(deps);
    const stats = isGiven(deps.env, "STATS_URL") ? given : await startNumbers(deps);
    const config = readBotConfig({ ...deps.env, ...botDatabase(deps), ...stats.env, ...chat.env });
    const bot = createBot(config, { logger: deps.loggerFor("bot"), now: deps.now, onFatal: deps.onFatal });
    deps.onStop(() => bot.stop(BOT_GRACE_MS));
    await bot.start();
    return { ...chat.address, ...stats.address, statsUrl: config.stats.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Part {
  readonly env: Environment;
  readonly address: Pick<RunningLocal, "chatUrl" | "dashboardUrl" | "adminUrl">;
}

/** A part that the environment describes already. */
const given: Part = { env: {}, address: {} };

async function startNumbers(deps: LocalDeps): Promise<Part> {
  const state = await openState(deps.settings.dataFolder, deps.now());
  const { origin, credentialsFile, adminEnv, adminUrl } = await startAccess(state, deps);
  await startStats(state, origin, deps);
  const credentials = {
    CLOUDFLARE_ACCESS_CREDENTIALS: undefined,
    CLOUDFLARE_ACCESS_CREDENTIALS_FILE: credentialsFile,
    CLOUDFLARE_ACCESS_CLIENT_ID: undefined,
    CLOUDFLARE_ACCESS_CLIENT_SECRET: undefined,
    CLOUDFLARE_ACCESS_CLIENT_ID_FILE: undefined,
    CLOUDFLARE_ACCESS_CLIENT_SECRET_FILE: undefined,
  };
  const admin = { CLOUDFLARE_API_TOKEN_FILE: undefined, CLOUDFLARE_ACCOUNT_ID: undefined, ...adminEnv };
  return { env: { STATS_URL: origin, ...credentials, ...admin }, address: { dashboardUrl: origin, adminUrl } };
}

function botDatabase({ env, settings }: Pick<LocalDeps, "env" | "settings">): Environment {
  return isGiven(env, "BOT_DATABASE_URL") ? {} : { BOT_DATABASE_URL: `file:${settings.dataFolder}/bot.sqlite` };
}

async function startSlack(deps: LocalDeps): Promise<Part> {
  if (isGiven(deps.env, "SLACK_BOT_TOKEN")) return given;
  const { url, env } = await startChat(deps);
  return {
    env: { SLACK_APP_TOKEN_FILE: undefined, SLACK_SIGNING_SECRET: undefined, ...env },
    address: { chatUrl: url },
  };
}

function isGiven(env: Environment, name: string): boolean {
  return Boolean(env[name] || env[`${name}_FILE`]);
}

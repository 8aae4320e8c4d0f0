import type { SlashCommand } from "./model.ts";

interface PersonConfig {
  /** Lower-case handle, also the end of the id: `ada` is `U0ADA`. */
  readonly name: string;
  readonly realName: string;
  readonly email: string;
  readonly title?: string;
  /** IANA name. Default `UTC`. */
  readonly timeZone?: string;
}

interface ChannelConfig {
  /** Without the `#`. */
  readonly name: string;
  readonly topic?: string;
  /** Shared with another company (Slack Connect). Default false. */
  readonly isShared?: boolean;
  /** Whether the bot is in it from the start. Default true. */
  readonly hasBot?: boolean;
}

export interface WorkspaceConfig {
  /** Loopback, and nothing else. */
  readonly host: "127.0.0.1";
  /** 0 takes any free port. */
  readonly port: number;
  /** The variable that changes the port, for the message when it is taken. */
  readonly portVariable?: string;
  /** SQLite file that keeps messages, files and tokens; `:memory:` keeps nothing. */
  readonly dataFile: string;
  /** The workspace's name. */
  readonly team: string;
  /** The bot's display name, without `@`. */
  readonly botName: string;
  /** At least one; the page starts as the first. */
  readonly people: readonly PersonConfig[];
  /** Default: #general, #product, #growth and #operations. */
  readonly channels?: readonly ChannelConfig[];
  /** The commands that the app registered. Default: `/stats`. */
  readonly commands?: readonly SlashCommand[];
  /** Event types that the app subscribed to. Default: what `bot/manifest.socket.yaml` asks for. */
  readonly botEvents?: readonly string[];
  /** Questions shown in empty channels. */
  readonly examples?: readonly string[];
  /** How long the app may take to acknowledge. Default 3,000, as in Slack. */
  readonly ackTimeoutMs?: number;
  /** Waits before an unacknowledged event is sent again. Default 1 s, 1 min, 5 min, as in Slack. */
  readonly retryDelaysMs?: readonly number[];
}

export type ResolvedConfig = Required<Omit<WorkspaceConfig, "portVariable">> & Pick<WorkspaceConfig, "portVariable">;

const DEFAULT_CHANNELS: readonly ChannelConfig[] = [
  { name: "general", topic: "Company-wide news and the odd number" },
  { name: "product", topic: "What we ship, and whether anyone uses it" },
  { name: "growth", topic: "Signups, activation, revenue" },
  { name: "operations", topic: "For those who keep things running" },
];

const DEFAULT_COMMANDS: readonly SlashCommand[] = [
  {
    command: "/stats",
    description: "Ask for a product statistic",
    usageHint: "[metric] [period] [by dimension] [vs earlier] | help",
  },
];

const DEFAULT_EXAMPLES = [
  "/stats signups last 7 days by country vs previous week",
  "@stats how many active users last month?",
  "/stats help",
];

/**
 * Fills in the defaults.
 *
 * @throws {TypeError} for a name that cannot be a handle or channel, or a handle used twice.
 */
export function resolveConfig(config: WorkspaceConfig): ResolvedConfig {
  const channels = config.channels ?? DEFAULT_CHANNELS;
  assertNames(
    "person",
    config.people.map((person) => person.name),
  );
  assertNames(
    "channel",
    channels.map((channel) => channel.name),
  );
  return {
    ...config,
    channels,
    commands: config.commands ?? DEFAULT_COMMANDS,
    botEvents: config.botEvents ?? ["app_home_opened", "app_mention", "message.im"],
    examples: config.examples ?? DEFAULT_EXAMPLES,
    ackTimeoutMs: config.ackTimeoutMs ?? 3_000,
    retryDelaysMs: config.retryDelaysMs ?? [1_000, 60_000, 300_000],
  };
}

function assertNames(what: string, names: readonly string[]): void {
  if (names.length === 0) throw new TypeError(`The workspace needs at least one ${what}.`);
  for (const name of names) {
    if (!/^[a-z][a-z0-9]{0,20}$/.test(name)) {
      throw new TypeError(`A ${what} is named by 1 to 21 lower-case letters and digits, not ${JSON.stringify(name)}.`);
    }
  }
  if (new Set(names).size !== names.length) throw new TypeError(`Two entries share one ${what} name.`);
}

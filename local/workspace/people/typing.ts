import { type CommandsDeps, runCommand } from "../app/commands.ts";
import type { Events } from "../app/events.ts";
import { encodeTypedText } from "../chat/typed-text.ts";
import type { ResolvedConfig } from "../config.ts";
import type { Membership } from "../membership.ts";
import type { Channel, Message, Person } from "../model.ts";

export type TypingDeps = CommandsDeps & {
  readonly config: ResolvedConfig;
  readonly events: Events;
  readonly membership: Membership;
};

/** The author of notices that the workspace itself writes; no person and not the bot. */
const WORKSPACE_AUTHOR = "U0WORKSPACE";

/** A person sends a message: everyone sees it, and the app hears of it where the bot is. */
export function sendMessage(
  person: Person,
  channel: Channel,
  text: string,
  threadTs: string | undefined,
  deps: TypingDeps,
): Message {
  const message = deps.chat.post({
    channel: channel.id,
    author: person.id,
    text: encodeTypedText(text, deps.identities),
    ...(threadTs !== undefined && { threadTs }),
  });
  if (deps.membership.hasBot(channel.id)) deps.events.messagePosted(message);
  else if (message.text.includes(`<@${deps.identities.bot.id}>`)) {
    const { name } = deps.identities.bot;
    notify(person, channel, `*${name}* is not in this channel. Type \`/invite @${name}\` to add it.`, deps);
  }
  return message;
}

/** A person sends a slash command; what goes wrong is told to them in the channel. */
export async function sendCommand(
  person: Person,
  channel: Channel,
  line: string,
  deps: TypingDeps,
): Promise<string | undefined> {
  const [command = "", ...rest] = line.trim().split(/\s+/);
  const typed = line.trim().slice(command.length).trim();
  if (command === "/invite") return invite(person, channel, rest[0], deps);
  if (!deps.config.commands.some((known) => known.command === command)) {
    notify(person, channel, `\`${command}\` is not a command here. Known: ${knownCommands(deps.config)}.`, deps);
    return "unknown_command";
  }
  const failure = await runCommand({ person, channel, command, text: encodeTypedText(typed, deps.identities) }, deps);
  if (failure !== undefined) notify(person, channel, explain(command, failure, deps.config.ackTimeoutMs), deps);
  return failure;
}

function invite(person: Person, channel: Channel, handle: string | undefined, deps: TypingDeps): undefined {
  const { bot } = deps.identities;
  if (handle !== `@${bot.name}` || channel.kind === "im") {
    notify(person, channel, `Only \`/invite @${bot.name}\` in a channel: everyone else is in every channel.`, deps);
  } else if (deps.membership.addBot(channel.id)) {
    deps.chat.post({ channel: channel.id, author: person.id, text: `_added_ <@${bot.id}> _to the channel_` });
    deps.events.botJoined(channel, person);
  } else notify(person, channel, `*${bot.name}* is here already.`, deps);
  return undefined;
}

function explain(command: string, failure: string, ackTimeoutMs: number): string {
  if (failure === "operation_timeout") {
    return `:warning: \`${command}\` did not answer within ${ackTimeoutMs / 1000} seconds (operation_timeout).`;
  }
  if (failure === "dispatch_failed") {
    return `:warning: \`${command}\` failed: the bot is not connected (dispatch_failed). Is it running?`;
  }
  return `:warning: \`${command}\` failed with the error “${failure}”.`;
}

function knownCommands({ commands }: ResolvedConfig): string {
  return [...commands.map(({ command }) => `\`${command}\``), "`/invite`"].join(", ");
}

function notify(person: Person, channel: Channel, text: string, { chat }: TypingDeps): void {
  chat.post({ channel: channel.id, author: WORKSPACE_AUTHOR, text, onlyFor: person.id });
}

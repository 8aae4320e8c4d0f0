import type { Channel, Message, Person } from "../model.ts";
import { SlackFailure } from "./failure.ts";
import type { WebApiDeps } from "./method.ts";

/** Finds a channel by id, by `#name`, or a person's direct messages by the person's id. */
export function placeOf(id: string, { identities }: Pick<WebApiDeps, "identities">): Channel {
  const name = id.replace(/^#/, "");
  const found =
    identities.channel(id) ??
    identities.directChannel(id) ??
    identities.channels.find((channel) => channel.kind === "channel" && channel.name === name);
  if (found === undefined) throw new SlackFailure("channel_not_found");
  return found;
}

/** A channel that the bot may write to. */
export function writablePlaceOf(id: string, deps: Pick<WebApiDeps, "identities" | "membership">): Channel {
  const channel = placeOf(id, deps);
  if (!deps.membership.hasBot(channel.id)) throw new SlackFailure("not_in_channel");
  return channel;
}

export function personOf(id: string, { identities }: Pick<WebApiDeps, "identities">): Person {
  const person = identities.person(id);
  if (person === undefined) throw new SlackFailure("user_not_found");
  return person;
}

/** A message that the bot itself wrote; people's messages are refused with `refusal`. */
export function ownMessageOf(channel: Channel, ts: string, refusal: string, deps: WebApiDeps): Message {
  const message = deps.chat.find(channel.id, ts);
  if (message === undefined || message.onlyFor !== undefined) throw new SlackFailure("message_not_found");
  if (message.author !== deps.identities.bot.id) throw new SlackFailure(refusal);
  return message;
}

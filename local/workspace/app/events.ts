import { randomBytes } from "node:crypto";
import { toSlackMessage } from "../chat/slack-message.ts";
import type { ResolvedConfig } from "../config.ts";
import type { Identities } from "../identities.ts";
import type { Channel, Message, Person } from "../model.ts";
import type { Deliveries } from "./deliveries.ts";

export interface EventsDeps {
  readonly config: Pick<ResolvedConfig, "botEvents">;
  readonly identities: Identities;
  readonly deliveries: Pick<Deliveries, "tell">;
  readonly now: () => number;
}

/** Tells the app what happened in the workspace, so far as it subscribed. https://docs.slack.dev/apis/events-api */
export interface Events {
  messagePosted(message: Message): void;
  homeOpened(person: Person, tab: "home" | "messages", channelId: string, view?: Record<string, unknown>): void;
  reactionChanged(message: Message, name: string, person: Person, isAdded: boolean): void;
  botJoined(channel: Channel, inviter: Person): void;
}

export function createEvents({ config, identities, deliveries, now }: EventsDeps): Events {
  const { team, appId, bot } = identities;
  const tell = (name: string, event: { type: string; [property: string]: unknown }) => {
    if (!config.botEvents.includes(name)) return;
    deliveries.tell({
      token: "local",
      team_id: team.id,
      api_app_id: appId,
      type: "event_callback",
      event_id: `Ev${randomBytes(6).toString("hex").toUpperCase()}`,
      event_time: Math.trunc(now() / 1000),
      authorizations: [authorization(identities)],
      is_ext_shared_channel: identities.channel(String(event["channel"]))?.isShared ?? false,
      event,
    });
  };
  const stamp = () => (now() / 1000).toFixed(6);
  return {
    messagePosted(message) {
      const channel = identities.channel(message.channel);
      const isDirect = channel?.kind === "im";
      const event = { ...toSlackMessage(message, identities), channel: message.channel, event_ts: message.ts };
      const name = isDirect ? "message.im" : "message.channels";
      tell(name, { ...event, type: "message", channel_type: isDirect ? "im" : "channel" });
      if (!isDirect && message.text.includes(`<@${bot.id}>`)) tell("app_mention", { ...event, type: "app_mention" });
    },
    homeOpened(person, tab, channel, view) {
      const event = { type: "app_home_opened", user: person.id, channel, tab, event_ts: stamp() };
      tell("app_home_opened", { ...event, ...(view && { view }) });
    },
    reactionChanged(message, name, person, isAdded) {
      const type = isAdded ? "reaction_added" : "reaction_removed";
      const item = { type: "message", channel: message.channel, ts: message.ts };
      tell(type, { type, user: person.id, reaction: name, item_user: message.author, item, event_ts: stamp() });
    },
    botJoined(channel, inviter) {
      const event = { type: "member_joined_channel", user: bot.id, channel: channel.id, channel_type: "C" };
      tell("member_joined_channel", { ...event, team: team.id, inviter: inviter.id, event_ts: stamp() });
    },
  };
}

function authorization({ team, bot }: Identities): object {
  return { enterprise_id: null, team_id: team.id, user_id: bot.id, is_bot: true, is_enterprise_install: false };
}

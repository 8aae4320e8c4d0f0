import { z } from "zod";
import { toSlackMessage } from "../chat/slack-message.ts";
import type { Channel } from "../model.ts";
import { pageLimit } from "./arguments.ts";
import { SlackFailure } from "./failure.ts";
import { type Methods, method, type WebApiDeps } from "./method.ts";
import { placeOf, writablePlaceOf } from "./places.ts";

const channel = z.string();

/** https://docs.slack.dev/reference/methods?family=conversations */
export const conversationMethods: Methods = {
  "conversations.list": method({ types: z.string().default("public_channel") }, ({ types }, deps) => {
    const kinds = new Set(types.split(",").map((type) => (type.trim() === "im" ? "im" : "channel")));
    const found = deps.identities.channels.filter(({ kind }) => kinds.has(kind));
    return { channels: found.map((one) => toSlackChannel(one, deps)), response_metadata: { next_cursor: "" } };
  }),

  "users.conversations": method({}, (_args, deps) => {
    const found = deps.identities.channels.filter(({ id, kind }) => kind === "channel" && deps.membership.hasBot(id));
    return { channels: found.map((one) => toSlackChannel(one, deps)), response_metadata: { next_cursor: "" } };
  }),

  "conversations.info": method({ channel }, (args, deps) => ({
    channel: toSlackChannel(placeOf(args.channel, deps), deps),
  })),

  "conversations.members": method({ channel }, (args, deps) => {
    const { id, personId } = placeOf(args.channel, deps);
    const people = personId === undefined ? deps.identities.people.map((person) => person.id) : [personId];
    const members = deps.membership.hasBot(id) ? [...people, deps.identities.bot.id] : people;
    return { members, response_metadata: { next_cursor: "" } };
  }),

  "conversations.open": method({ users: z.string().optional(), channel: channel.optional() }, (args, deps) => {
    const direct = deps.identities.directChannel(args.users ?? "") ?? deps.identities.channel(args.channel ?? "");
    if (direct === undefined) throw new SlackFailure(args.users === undefined ? "channel_not_found" : "user_not_found");
    return { channel: { id: direct.id }, already_open: true, no_op: true };
  }),

  "conversations.join": method({ channel }, (args, deps) => {
    const joined = placeOf(args.channel, deps);
    if (joined.kind === "im") throw new SlackFailure("method_not_supported_for_channel_type");
    deps.membership.addBot(joined.id);
    return { channel: toSlackChannel(joined, deps) };
  }),

  "conversations.history": method(
    { channel, limit: pageLimit, latest: z.string().optional(), cursor: z.string().optional() },
    (args, deps) => {
      const { id } = writablePlaceOf(args.channel, deps);
      const before = args.cursor || args.latest;
      const found = deps.messages.ofChannel(id, { limit: args.limit + 1, ...(before !== undefined && { before }) });
      const hasMore = found.length > args.limit;
      const page = (hasMore ? found.slice(1) : found).reverse();
      const cursor = hasMore ? (page.at(-1)?.ts ?? "") : "";
      const messages = page.map((message) => toSlackMessage(message, deps.identities));
      return { messages, has_more: hasMore, response_metadata: { next_cursor: cursor } };
    },
  ),

  "conversations.replies": method({ channel, ts: z.string() }, (args, deps) => {
    const { id } = writablePlaceOf(args.channel, deps);
    const found = deps.messages.ofThread(id, args.ts);
    if (found.length === 0) throw new SlackFailure("thread_not_found");
    return { messages: found.map((message) => toSlackMessage(message, deps.identities)), has_more: false };
  }),
};

function toSlackChannel({ id, name, kind, topic, isShared, personId }: Channel, { membership }: WebApiDeps): object {
  if (kind === "im") return { id, is_im: true, user: personId, is_ext_shared: false };
  return {
    id,
    name,
    name_normalized: name,
    is_channel: true,
    is_im: false,
    is_private: false,
    is_archived: false,
    is_general: name === "general",
    is_shared: isShared,
    is_ext_shared: isShared,
    is_member: membership.hasBot(id),
    topic: { value: topic, creator: "", last_set: 0 },
    purpose: { value: topic, creator: "", last_set: 0 },
  };
}

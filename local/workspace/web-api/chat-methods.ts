import { z } from "zod";
import { checkMessageBlocks, checkView } from "../blocks/validate.ts";
import { toSlackMessage } from "../chat/slack-message.ts";
import type { Block, Channel } from "../model.ts";
import { flag, json } from "./arguments.ts";
import { SlackFailure } from "./failure.ts";
import { type Methods, method, type WebApiDeps } from "./method.ts";
import { ownMessageOf, personOf, placeOf, writablePlaceOf } from "./places.ts";

/** Slack cuts or refuses longer texts. */
const MAX_TEXT = 40_000;

const content = { text: z.string().optional(), blocks: json.optional(), metadata: json.optional() };
const threading = { thread_ts: z.string().optional(), reply_broadcast: flag.optional() };

interface Content {
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly metadata?: unknown;
}

/** https://docs.slack.dev/reference/methods/chat.postMessage and its neighbours. */
export const chatMethods: Methods = {
  "chat.postMessage": method({ channel: z.string(), ...content, ...threading }, (args, deps) => {
    const channel = writablePlaceOf(args.channel, deps);
    const threadTs = threadOf(channel, args.thread_ts, deps);
    const message = deps.chat.post({
      channel: channel.id,
      author: deps.identities.bot.id,
      ...contentOf(args),
      ...(threadTs !== undefined && { threadTs }),
      ...(args.reply_broadcast === true && { isBroadcast: true }),
    });
    return { channel: channel.id, ts: message.ts, message: toSlackMessage(message, deps.identities) };
  }),

  "chat.update": method({ channel: z.string(), ts: z.string(), ...content }, (args, deps) => {
    const channel = placeOf(args.channel, deps);
    const old = ownMessageOf(channel, args.ts, "cant_update_message", deps);
    const message = deps.chat.change(old, contentOf(args));
    return { channel: channel.id, ts: old.ts, text: message.text, message: toSlackMessage(message, deps.identities) };
  }),

  "chat.delete": method({ channel: z.string(), ts: z.string() }, (args, deps) => {
    const channel = placeOf(args.channel, deps);
    deps.chat.remove(ownMessageOf(channel, args.ts, "cant_delete_message", deps));
    return { channel: channel.id, ts: args.ts };
  }),

  "chat.postEphemeral": method({ channel: z.string(), user: z.string(), ...content, ...threading }, (args, deps) => {
    const channel = writablePlaceOf(args.channel, deps);
    const person = personOf(args.user, deps);
    if (channel.personId !== undefined && channel.personId !== person.id) throw new SlackFailure("user_not_in_channel");
    const threadTs = threadOf(channel, args.thread_ts, deps);
    const message = deps.chat.post({
      channel: channel.id,
      author: deps.identities.bot.id,
      onlyFor: person.id,
      ...contentOf(args),
      ...(threadTs !== undefined && { threadTs }),
    });
    return { message_ts: message.ts };
  }),

  "chat.getPermalink": method({ channel: z.string(), message_ts: z.string() }, (args, deps) => {
    const channel = placeOf(args.channel, deps);
    if (deps.chat.find(channel.id, args.message_ts) === undefined) throw new SlackFailure("message_not_found");
    return { channel: channel.id, permalink: `${deps.baseUrl()}/#${channel.id}/${args.message_ts}` };
  }),

  "blocks.validate": method({ blocks: json.optional(), message: json.optional(), view: json.optional() }, (args) => {
    const checked = args.view === undefined ? undefined : checkView(args.view);
    if (checked === undefined) checkedBlocks(args.blocks ?? (args.message as { blocks?: unknown } | undefined)?.blocks);
    else if ("problems" in checked) throw new SlackFailure("invalid_blocks", checked.problems);
    return {};
  }),
};

function contentOf(args: { text?: string | undefined; blocks?: unknown; metadata?: unknown }): Content {
  const { text = "", metadata } = args;
  if (text.length > MAX_TEXT) throw new SlackFailure("msg_too_long");
  const blocks = args.blocks === undefined ? undefined : checkedBlocks(args.blocks);
  if (text.trim() === "" && (blocks === undefined || blocks.length === 0)) throw new SlackFailure("no_text");
  return { text, ...(blocks !== undefined && { blocks }), ...(metadata !== undefined && { metadata }) };
}

function checkedBlocks(blocks: unknown): Block[] {
  if (!Array.isArray(blocks)) throw new SlackFailure("invalid_blocks_format");
  const checked = checkMessageBlocks(blocks);
  if ("problems" in checked) throw new SlackFailure("invalid_blocks", checked.problems);
  return checked.value;
}

/** A reply to a reply belongs to the thread of its first message. */
function threadOf(channel: Channel, ts: string | undefined, deps: WebApiDeps): string | undefined {
  if (ts === undefined) return undefined;
  const parent = deps.chat.find(channel.id, ts);
  if (parent === undefined) throw new SlackFailure("thread_not_found");
  return parent.threadTs ?? parent.ts;
}

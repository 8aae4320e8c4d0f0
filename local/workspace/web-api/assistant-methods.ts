import { z } from "zod";
import { json } from "./arguments.ts";
import { SlackFailure } from "./failure.ts";
import { type Methods, method, type WebApiDeps } from "./method.ts";
import { placeOf, writablePlaceOf } from "./places.ts";

const promptList = z
  .array(z.object({ title: z.string().min(1), message: z.string().min(1) }))
  .min(1)
  .max(4);
const reactionTarget = { channel: z.string(), timestamp: z.string(), name: z.string().min(1) };

/** Working status, suggested prompts, and reactions: the small signs an app gives. */
export const assistantMethods: Methods = {
  "assistant.threads.setStatus": method(
    { channel_id: z.string(), thread_ts: z.string(), status: z.string().max(255) },
    ({ channel_id, thread_ts, status }, deps) => {
      deps.chat.setStatus(writablePlaceOf(channel_id, deps).id, thread_ts, status);
      return {};
    },
  ),

  "assistant.threads.setSuggestedPrompts": method(
    { channel_id: z.string(), title: z.string().default("Try asking"), prompts: json },
    ({ channel_id, title, prompts }, deps) => {
      const parsed = promptList.safeParse(prompts);
      if (!parsed.success) throw new SlackFailure("invalid_arguments");
      const { id } = placeOf(channel_id, deps);
      deps.pushes.toChannel(id, { type: "prompts", channel: id, title, prompts: parsed.data });
      return {};
    },
  ),

  // Titles name a thread in Slack's own history list, which the page does not have.
  "assistant.threads.setTitle": method({ channel_id: z.string(), title: z.string().min(1) }, ({ channel_id }, deps) => {
    placeOf(channel_id, deps);
    return {};
  }),

  "reactions.add": method(reactionTarget, (args, deps) => react(args, true, deps)),
  "reactions.remove": method(reactionTarget, (args, deps) => react(args, false, deps)),
};

function react(args: { channel: string; timestamp: string; name: string }, isAdded: boolean, deps: WebApiDeps): object {
  const { id } = writablePlaceOf(args.channel, deps);
  const message = deps.chat.find(id, args.timestamp);
  if (message === undefined) throw new SlackFailure("message_not_found");
  const isChanged = deps.chat.react(message, args.name.replaceAll(":", ""), deps.identities.bot.id, isAdded);
  if (!isChanged) throw new SlackFailure(isAdded ? "already_reacted" : "no_reaction");
  return {};
}

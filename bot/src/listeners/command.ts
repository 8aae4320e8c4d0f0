import type { RespondFn } from "@slack/bolt";
import { answerQuestion } from "../answering/answer-question.ts";
import type { Services } from "../answering/services.ts";
import { createCommandReply } from "../delivery/command-reply.ts";
import { respondWith, type SlackClient } from "../delivery/post.ts";
import { privateAnswerNote, sharedChannelMessage } from "../messages/problem.ts";
import { quoteTyped } from "../messages/text.ts";
import { openReport } from "./report-modal.ts";

export const COMMAND = "/stats";

export interface CommandArgs {
  readonly ack: () => Promise<void>;
  readonly respond: RespondFn;
  readonly client: SlackClient;
  readonly command: {
    readonly text: string;
    readonly user_id: string;
    readonly channel_id: string;
    readonly trigger_id: string;
  };
}

/** `/stats QUESTION`, `/stats help`, `/stats metrics`, `/stats report`. */
export function createCommandListener(services: Services) {
  return async ({ ack, respond, client, command }: CommandArgs): Promise<void> => {
    await ack();
    if (!services.duplicates.isFirst(`command ${command.trigger_id}`)) return;
    await services.jobs.run(() => answerCommand({ respond, client, command }, services));
  };
}

async function answerCommand(
  { respond, client, command }: Omit<CommandArgs, "ack">,
  services: Services,
): Promise<void> {
  const { user_id: userId, channel_id: channelId, text = "" } = command;
  if (/^\s*(?:report|build)\s*$/i.test(text))
    return openReport({ client, triggerId: command.trigger_id, channelId }, services);
  const audience = await services.audiences.of(channelId, client);
  if (audience === "shared") return respondWith(respond, sharedChannelMessage(), { response_type: "ephemeral" });
  const isPrivate = audience === "unknown";
  const note = isPrivate ? privateAnswerNote() : `<@${userId}> asked: ${COMMAND} ${quoteTyped(text, 300)}`;
  const reply = createCommandReply(client, respond, { channel: channelId, isPrivate });
  await answerQuestion({ surface: "command", userId, channelId, text, note }, reply, services);
}

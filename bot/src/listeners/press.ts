import type { RespondFn } from "@slack/bolt";
import { answerQuestion, type Surface } from "../answering/answer-question.ts";
import type { Services } from "../answering/services.ts";
import { createDirectReply } from "../delivery/direct-reply.ts";
import { createChoiceReply, createMessageReply } from "../delivery/message-reply.ts";
import { respondWith, type SlackClient } from "../delivery/post.ts";
import { sharedChannelMessage } from "../messages/problem.ts";
import { threadKey } from "../thread-memory.ts";
import { type PressBody, pressedMessage, questionOf } from "./pressed.ts";

export interface PressArgs {
  readonly ack: () => Promise<void>;
  readonly respond?: RespondFn;
  readonly client: SlackClient;
  readonly body: PressBody;
  readonly action: {
    readonly action_id: string;
    readonly value?: string;
    readonly selected_option?: { readonly value: string } | null;
  };
}

/** A button that carries a whole question: a candidate, an example, or Refresh. */
export function createAskListener(services: Services) {
  return async (args: PressArgs): Promise<void> => {
    await args.ack();
    const { body, action } = args;
    if (!services.duplicates.isFirst(`press ${body.trigger_id}`)) return;
    const text = action.value ?? "";
    if (text === "") return;
    await services.jobs.run(() => answerPress(args, { surface: "button", text }, services));
  };
}

/** A select whose choice follows up the question of the message that it stands in. */
export function createFollowUpListener(services: Services) {
  return async (args: PressArgs): Promise<void> => {
    await args.ack();
    const { body, action } = args;
    if (!services.duplicates.isFirst(`press ${body.trigger_id}`)) return;
    const text = action.selected_option?.value ?? "";
    if (text === "") return;
    await services.jobs.run(() => answerPress(args, { surface: "select", text, follows: questionOf(body) }, services));
  };
}

interface Press {
  readonly surface: Surface;
  readonly text: string;
  /** The sentence that `text` follows up. */
  readonly follows?: string | undefined;
}

async function answerPress({ body, client, respond }: PressArgs, press: Press, services: Services): Promise<void> {
  const userId = body.user.id;
  const pressed = pressedMessage(body);
  // From the Home tab: the answer comes as a direct message.
  if (pressed === undefined || respond === undefined) {
    const asked = { surface: "home" as const, userId, channelId: userId, text: press.text };
    return answerQuestion(asked, createDirectReply(client, { channel: userId }), services);
  }
  const audience = await services.audiences.of(pressed.channel, client);
  if (audience === "shared") {
    return respondWith(respond, sharedChannelMessage(), { response_type: "ephemeral", replace_original: false });
  }
  const isChoice = pressed.isEphemeral && audience === "open";
  const reply = isChoice ? createChoiceReply(client, respond, pressed) : createMessageReply(respond, pressed);
  const { surface, text, follows } = press;
  const thread = threadKey(
    pressed.channel,
    pressed.threadTs ?? (pressed.channel.startsWith("D") ? undefined : pressed.ts),
  );
  const asked = {
    surface,
    userId,
    channelId: pressed.channel,
    text,
    thread,
    ...(follows !== undefined && { follows }),
  };
  await answerQuestion(asked, reply, services);
}

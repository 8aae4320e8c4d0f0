import { startTrace } from "@gatehouse/service";
import { rotatingMessage } from "../admin/card-messages.ts";
import type { Services } from "../answering/services.ts";
import { respondWith } from "../delivery/post.ts";
import type { Message } from "../messages/blocks.ts";
import { problemMessage } from "../messages/problem.ts";
import type { PressArgs } from "./press.ts";
import { pressedMessage } from "./pressed.ts";

/** Refresh on the admins' card: the same card, drawn anew. */
export function createAdminRefreshListener(services: Services) {
  return onPress(services, async ({ body }, replace) => replace(await services.admin.answer(body.user.id)));
}

/** Rotate on the admins' card, confirmed: shows that it works, then the card with what came of it. */
export function createAdminRotateListener(services: Services) {
  return onPress(services, async ({ body, action }, replace) => {
    const { admin } = services;
    const userId = body.user.id;
    if (admin.isAdmin(userId)) await replace(rotatingMessage());
    const { value = "" } = action;
    await replace(await admin.rotate(userId, /^\d+$/.test(value) ? Number(value) : undefined));
  });
}

type Replace = (message: Message) => Promise<void>;

/** A press on a card: `work` puts another message in its place, whether it is private or stands in a direct conversation. */
function onPress(services: Services, work: (args: PressArgs, replace: Replace) => Promise<void>) {
  return async (args: PressArgs): Promise<void> => {
    await args.ack();
    const { duplicates, jobs, logger } = services;
    const { body, respond } = args;
    const pressed = pressedMessage(body);
    if (!duplicates.isFirst(`press ${body.trigger_id}`) || respond === undefined || pressed === undefined) return;
    const { isEphemeral, threadTs } = pressed;
    const how = isEphemeral
      ? { response_type: "ephemeral" as const, ...(threadTs !== undefined && { thread_ts: threadTs }) }
      : {};
    const replace: Replace = (message) => respondWith(respond, message, { ...how, replace_original: true });
    await jobs.run(async () => {
      const { traceId } = startTrace();
      try {
        await work(args, replace);
      } catch (error) {
        logger.error({ traceId, userId: body.user.id, err: error }, "the admins' card failed");
        await replace(problemMessage(error, traceId)).catch(() => undefined);
      }
    });
  };
}

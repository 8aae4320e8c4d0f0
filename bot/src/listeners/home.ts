import { startTrace } from "@gatehouse/service";
import type { Services } from "../answering/services.ts";
import type { SlackClient } from "../delivery/post.ts";
import { homeProblemView, homeView } from "../messages/home.ts";
import { problemMessage } from "../messages/problem.ts";

export interface HomeArgs {
  readonly client: SlackClient;
  readonly event: { readonly user: string; readonly tab?: string };
}

/** Draws the Home tab anew each time it is opened. */
export function createHomeListener(services: Services) {
  return async ({ client, event }: HomeArgs): Promise<void> => {
    if (event.tab !== "home") return;
    await services.jobs.run(() => publishHome(client, event.user, services));
  };
}

async function publishHome(client: SlackClient, userId: string, { catalogue, logger }: Services): Promise<void> {
  const trace = startTrace();
  const { traceId } = trace;
  try {
    await client.views.publish({ user_id: userId, view: homeView(await catalogue.get(trace)) });
  } catch (error) {
    logger.error({ traceId, userId, err: error }, "home tab failed");
    const view = homeProblemView(problemMessage(error, traceId).text);
    await client.views.publish({ user_id: userId, view }).catch(() => undefined);
  }
}

import { startTrace } from "@gatehouse/service";
import type { ModalView } from "@slack/types";
import { answerQuestion } from "../answering/answer-question.ts";
import type { Services } from "../answering/services.ts";
import { createDirectReply } from "../delivery/direct-reply.ts";
import { post, type SlackClient } from "../delivery/post.ts";
import { problemMessage, sharedChannelMessage } from "../messages/problem.ts";
import { loadingModal, type ModalState, modalProblem, readReport, reportModal } from "../messages/report-modal.ts";
import type { PressArgs } from "./press.ts";

export interface OpenReportArgs {
  readonly client: SlackClient;
  readonly triggerId: string;
  readonly channelId?: string | undefined;
}

/** Opens the report builder: at once where the catalogue is at hand, else as "fetching" first, for a trigger lives three seconds. */
export async function openReport(
  { client, triggerId, channelId: from }: OpenReportArgs,
  services: Services,
): Promise<void> {
  // A direct conversation is no choice among channels; "only me" is the same.
  const channelId = from?.startsWith("D") ? undefined : from;
  const { catalogue, logger } = services;
  const trace = startTrace();
  try {
    const known = catalogue.peek();
    const view = known === undefined ? loadingModal() : reportModal(known, undefined, channelId);
    const opened = await client.views.open({ trigger_id: triggerId, view });
    const viewId = opened.view?.id;
    if (known !== undefined || viewId === undefined) return;
    await client.views.update({ view_id: viewId, view: await filledModal(services, trace, channelId) });
  } catch (error) {
    logger.error({ traceId: trace.traceId, err: error }, "report builder failed");
  }
}

async function filledModal(
  { catalogue, logger }: Services,
  trace: ReturnType<typeof startTrace>,
  channelId?: string,
): Promise<ModalView> {
  try {
    return reportModal(await catalogue.get(trace), undefined, channelId);
  } catch (error) {
    logger.error({ traceId: trace.traceId, err: error }, "report builder without a catalogue");
    return modalProblem(problemMessage(error, trace.traceId).text);
  }
}

/** The shortcut, and buttons that open the builder. */
export function createOpenReportListener(services: Services) {
  return async (args: {
    readonly ack: () => Promise<void>;
    readonly client: SlackClient;
    readonly body: { readonly trigger_id: string; readonly channel?: { readonly id: string } | undefined };
  }): Promise<void> => {
    await args.ack();
    const { client, body } = args;
    if (!services.duplicates.isFirst(`open ${body.trigger_id}`)) return;
    await services.jobs.run(() =>
      openReport({ client, triggerId: body.trigger_id, channelId: body.channel?.id }, services),
    );
  };
}

/** Another metric was chosen in the builder: offers what it can be broken down by. */
export function createReportMetricListener(services: Services) {
  return async ({ ack, client, body, action }: PressArgs): Promise<void> => {
    await ack();
    const { view } = body;
    const catalogue = services.catalogue.peek();
    if (view === undefined || catalogue === undefined) return;
    const modal = reportModal(catalogue, action.selected_option?.value);
    const hash = view.hash === undefined ? {} : { hash: view.hash };
    await services.jobs.run(async () => {
      // A newer choice has already redrawn it where the hash no longer fits.
      await client.views.update({ view_id: view.id, ...hash, view: modal }).catch((error: unknown) => {
        services.logger.warn({ err: error }, "report builder not updated");
      });
    });
  };
}

export interface SubmitArgs {
  readonly ack: () => Promise<void>;
  readonly client: SlackClient;
  readonly body: { readonly user: { readonly id: string }; readonly trigger_id?: string };
  readonly view: { readonly id: string; readonly state: { readonly values: ModalState } };
}

/** The builder was submitted: asks its question, and answers in the chosen channel or to the asker alone. */
export function createReportListener(services: Services) {
  return async ({ ack, client, body, view }: SubmitArgs): Promise<void> => {
    await ack();
    if (!services.duplicates.isFirst(`view ${view.id}`)) return;
    const { question, channelId } = readReport(view.state.values);
    await services.jobs.run(() => answerReport({ client, userId: body.user.id, question, channelId }, services));
  };
}

async function answerReport(
  {
    client,
    userId,
    question,
    channelId,
  }: { client: SlackClient; userId: string; question: string; channelId: string | undefined },
  services: Services,
): Promise<void> {
  const audience = channelId === undefined ? "open" : await services.audiences.of(channelId, client);
  if (audience === "shared") {
    await post(client, { channel: userId }, sharedChannelMessage());
    return;
  }
  const direct = createDirectReply(client, { channel: userId });
  const place = audience === "open" ? (channelId ?? userId) : userId;
  const chosen = createDirectReply(client, { channel: place });
  const note = place === userId ? undefined : `<@${userId}> built this report.`;
  const asked = { surface: "report" as const, userId, channelId: place, text: question, ...(note && { note }) };
  // Numbers go to the channel; questions back and failures to the asker.
  await answerQuestion(asked, { ...chosen, say: direct.say, whisper: direct.whisper }, services);
}

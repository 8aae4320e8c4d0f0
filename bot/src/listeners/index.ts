import type { App, BlockAction, SlackShortcut } from "@slack/bolt";
import type { Services } from "../answering/services.ts";
import { ACTIONS, CALLBACKS } from "../messages/action-ids.ts";
import { COMMAND, createCommandListener } from "./command.ts";
import { createDirectMessageListener, type DirectMessageArgs } from "./direct-message.ts";
import { createHomeListener } from "./home.ts";
import { createMentionListener } from "./mention.ts";
import { createAskListener, createFollowUpListener, type PressArgs } from "./press.ts";
import { createOpenReportListener, createReportListener, createReportMetricListener } from "./report-modal.ts";

/** Registers every listener. What is registered here is what the manifests declare; a test holds them together. */
export function registerListeners(
  app: App,
  services: Services,
  config: { readonly allowSharedChannels: boolean },
): void {
  const command = createCommandListener(services);
  const mention = createMentionListener(services, config);
  const directMessage = createDirectMessageListener(services, config);
  const home = createHomeListener(services);
  const ask = createAskListener(services);
  const followUp = createFollowUpListener(services);
  const openReport = createOpenReportListener(services);
  const reportMetric = createReportMetricListener(services);
  const report = createReportListener(services);

  app.command(COMMAND, command);
  app.event("app_mention", mention);
  app.message(({ client, body, message }) =>
    directMessage({ client, body, message: message as DirectMessageArgs["message"] }),
  );
  app.event("app_home_opened", home);
  app.action<BlockAction>(new RegExp(`^${ACTIONS.ask}:\\d+$`), (args) => ask(args as unknown as PressArgs));
  app.action<BlockAction>(ACTIONS.refresh, (args) => ask(args as unknown as PressArgs));
  app.action<BlockAction>(ACTIONS.changePeriod, (args) => followUp(args as unknown as PressArgs));
  app.action<BlockAction>(ACTIONS.changeBreakdown, (args) => followUp(args as unknown as PressArgs));
  app.action<BlockAction>(ACTIONS.openReport, (args) => openReport(args));
  app.action<BlockAction>(ACTIONS.reportMetric, (args) => reportMetric(args as unknown as PressArgs));
  app.shortcut<SlackShortcut>(CALLBACKS.buildReport, (args) =>
    openReport({ ...args, body: { trigger_id: args.body.trigger_id } }),
  );
  app.view(CALLBACKS.report, (args) => report(args as unknown as Parameters<typeof report>[0]));
}

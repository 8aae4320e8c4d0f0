import type { App, BlockAction, ButtonAction, SlackShortcut, StaticSelectAction } from "@slack/bolt";
import type { Services } from "../answering/services.ts";
import { ACTIONS, CALLBACKS } from "../messages/action-ids.ts";
import { createAdminRefreshListener, createAdminRotateListener } from "./admin.ts";
import { COMMAND, createCommandListener } from "./command.ts";
import { createDirectMessageListener, type DirectMessageArgs } from "./direct-message.ts";
import { createHomeListener } from "./home.ts";
import { createMentionListener } from "./mention.ts";
import { createAskListener, createFollowUpListener } from "./press.ts";
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
  const adminRefresh = createAdminRefreshListener(services);
  const adminRotate = createAdminRotateListener(services);

  app.command(COMMAND, command);
  app.event("app_mention", mention);
  app.message(({ client, body, message }) =>
    directMessage({ client, body, message: message as DirectMessageArgs["message"] }),
  );
  app.event("app_home_opened", home);
  app.action<BlockAction<ButtonAction>>(new RegExp(`^${ACTIONS.ask}:\\d+$`), ask);
  app.action<BlockAction<ButtonAction>>(ACTIONS.refresh, ask);
  app.action<BlockAction<StaticSelectAction>>(ACTIONS.changePeriod, followUp);
  app.action<BlockAction<StaticSelectAction>>(ACTIONS.changeBreakdown, followUp);
  app.action<BlockAction<ButtonAction>>(ACTIONS.openReport, openReport);
  app.action<BlockAction<StaticSelectAction>>(ACTIONS.reportMetric, reportMetric);
  app.action<BlockAction<ButtonAction>>(ACTIONS.adminRefresh, adminRefresh);
  app.action<BlockAction<ButtonAction>>(ACTIONS.adminRotate, adminRotate);
  app.shortcut<SlackShortcut>(CALLBACKS.buildReport, (args) =>
    openReport({ ...args, body: { trigger_id: args.body.trigger_id } }),
  );
  app.view(CALLBACKS.report, report);
}

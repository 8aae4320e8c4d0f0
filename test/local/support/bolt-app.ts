import { App, LogLevel, SocketModeReceiver } from "@slack/bolt";
import type { Workspace } from "../../../local/workspace/workspace.ts";

export interface StartedBolt {
  readonly app: App;
  readonly receiver: SocketModeReceiver;
  stop(): Promise<void>;
}

/** An unmodified Bolt 5 app over Socket Mode, its options as a careful production app sets them. */
export async function startBolt(workspace: Workspace, register: (app: App) => void): Promise<StartedBolt> {
  const slackApiUrl = workspace.apiUrl;
  const receiver = new SocketModeReceiver({
    appToken: workspace.appToken,
    logLevel: LogLevel.ERROR,
    // Also the wait before it reconnects; on a busy machine a pong takes its time.
    clientPingTimeout: 2_000,
    installerOptions: { clientOptions: { slackApiUrl } },
  });
  const app = new App({
    receiver,
    token: workspace.botToken,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl, timeout: 10_000, retryConfig: { retries: 3, factor: 2 } },
  });
  register(app);
  await app.start();
  return { app, receiver, stop: () => receiver.client.disconnect() };
}

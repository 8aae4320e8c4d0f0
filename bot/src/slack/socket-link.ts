import { type Logger as BoltLogger, SocketModeReceiver } from "@slack/bolt";
import { BotError } from "../errors.ts";
import type { SlackLink } from "./link.ts";

export interface SocketLinkOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly logger: BoltLogger;
  /** The connection is gone for good: the process should end, so that its supervisor starts a new one. */
  readonly onFatal: (error: BotError) => void;
}

/** Slack recycles sockets; socket-mode 3.1 waits this long before it connects again, and as long for a pong. */
const CLIENT_PING_TIMEOUT_MS = 2_000;
/** Retries of apps.connections.open: without a bound the back-off grows to hours after a long outage. */
const RECONNECT = { retries: 100, factor: 1.3, minTimeout: 500, maxTimeout: 30_000 };

/** Socket Mode: nothing listens, no address is public. */
export function createSocketLink({ appToken, apiUrl, logger, onFatal }: SocketLinkOptions): SlackLink {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    clientPingTimeout: CLIENT_PING_TIMEOUT_MS,
    // Its own options: socket-mode writes its retries into the object that it is given.
    installerOptions: {
      clientOptions: { slackApiUrl: apiUrl, retryConfig: RECONNECT, timeout: 10_000, allowAbsoluteUrls: false },
    },
  });
  const { client } = receiver;
  const connect = client.start.bind(client);
  let isStarted = false;
  // socket-mode reconnects by calling its own `start` and forgets the promise: a failure there would be an unhandled
  // rejection, which ends the process in one way or another, or not at all.
  client.start = async () => {
    try {
      return await connect();
    } catch (cause) {
      if (!isStarted) throw cause;
      onFatal(
        new BotError("ERR_BOT_SLACK_CONNECTION_LOST", "The connection to Slack was lost and cannot be had again.", {
          cause,
        }),
      );
      return { ok: false };
    }
  };
  return {
    receiver,
    start: async () => {
      await receiver.start();
      isStarted = true;
      return {};
    },
    stop: async (graceMs) => {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, graceMs);
      await Promise.race([client.disconnect(), late]);
      clearTimeout(timer);
    },
  };
}

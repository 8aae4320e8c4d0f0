import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { closeServer, listen } from "@gatehouse/service";
import { type Logger as BoltLogger, HTTPReceiver } from "@slack/bolt";
import type { SlackLink } from "./link.ts";

export interface HttpLinkOptions {
  readonly signingSecret: string;
  readonly host: string;
  readonly port: number;
  readonly logger: BoltLogger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** As Slack asks for; Bolt itself refuses only what is too old. https://docs.slack.dev/authentication/verifying-requests-from-slack */
const MAX_SKEW_SECONDS = 5 * 60;
const TIMESTAMP = "x-slack-request-timestamp";

/** HTTP with signed requests at `/slack/events`, and `/healthz`. */
export function createHttpLink({ signingSecret, host, port, logger, now }: HttpLinkOptions): SlackLink {
  const receiver = new HTTPReceiver({
    signingSecret,
    logger,
    customRoutes: [{ path: "/healthz", method: ["GET"], handler: answerHealth }],
  });
  const server = createServer(guarded(receiver.requestListener, now));
  return {
    receiver,
    start: async () => ({ port: await listen(server, { what: "the bot", host, port, variable: "BOT_PORT" }) }),
    stop: (graceMs) => closeServer(server, graceMs),
  };
}

function answerHealth(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
}

/** Refuses requests from the future, and answers what Bolt throws at (unknown paths, unreadable targets) with 404. */
function guarded(handle: RequestListener, now: () => number): RequestListener {
  return (request, response) => {
    const timestamp = Number(request.headers[TIMESTAMP] ?? Number.NaN);
    if (timestamp > now() / 1000 + MAX_SKEW_SECONDS) {
      response.writeHead(401).end();
      return;
    }
    try {
      handle(request, response);
    } catch {
      response.writeHead(404).end();
    }
  };
}

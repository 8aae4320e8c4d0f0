import type { DatabaseSync } from "node:sqlite";
import type { Logger } from "@gatehouse/service";
import { createDeliveries } from "./app/deliveries.ts";
import { createEvents } from "./app/events.ts";
import { createFaultBox } from "./app/faults.ts";
import { createResponseUrls } from "./app/response-urls.ts";
import { createSockets } from "./app/sockets.ts";
import { createTriggers } from "./app/triggers.ts";
import { createViews } from "./app/views.ts";
import { createChat } from "./chat/chat.ts";
import { createPushes } from "./chat/pushes.ts";
import { createTimestamps } from "./chat/timestamps.ts";
import type { ResolvedConfig } from "./config.ts";
import { createIdentities } from "./identities.ts";
import { createMembership } from "./membership.ts";
import { createFileStore } from "./store/file-store.ts";
import { createMessageStore } from "./store/message-store.ts";

export interface PartsDeps {
  readonly database: DatabaseSync;
  /** The workspace's address, without a slash at the end. */
  readonly baseUrl: () => string;
  readonly logger: Logger;
  readonly now: () => number;
}

/** What the routes and sockets work on; each takes the few that it names. */
export type Parts = ReturnType<typeof createParts>;

/** Makes the workspace's parts and ties them together. */
export function createParts(config: ResolvedConfig, { database, baseUrl, logger, now }: PartsDeps) {
  const identities = createIdentities(config);
  const messages = createMessageStore(database);
  const pushes = createPushes(identities);
  const faults = createFaultBox();
  const sockets = createSockets({
    appId: identities.appId,
    logger,
    onAck: (ack) => deliveries.takeAck(ack),
    onChange(count) {
      pushes.toAll({ type: "app", sockets: count });
      if (count > 0) deliveries.resume();
    },
  });
  const deliveries = createDeliveries(config, { sockets, faults });
  const newestTs = Object.values(messages.latest()).sort().at(-1);
  return {
    config,
    identities,
    messages,
    pushes,
    faults,
    sockets,
    deliveries,
    baseUrl,
    now,
    chat: createChat({ identities, messages, pushes, nextTs: createTimestamps(now, newestTs) }),
    membership: createMembership(config, identities),
    files: createFileStore(database),
    views: createViews(pushes),
    triggers: createTriggers(now),
    responseUrls: createResponseUrls(now),
    events: createEvents({ config, identities, deliveries, now }),
  };
}

import { createServer, type Server } from "node:http";
import { closeServer, type Logger, listen } from "@gatehouse/service";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
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
import { type ResolvedConfig, resolveConfig, type WorkspaceConfig } from "./config.ts";
import { refusalOf } from "./guard.ts";
import { createIdentities } from "./identities.ts";
import { createMembership } from "./membership.ts";
import { createPageRoutes } from "./people/page-routes.ts";
import { createPushSocket } from "./people/push-socket.ts";
import { createPeopleRoutes, type PeopleRoutesDeps } from "./people/routes.ts";
import { openDatabase } from "./store/database.ts";
import { createFileStore } from "./store/file-store.ts";
import { createMessageStore } from "./store/message-store.ts";
import { loadSecrets } from "./store/secret-store.ts";
import { addUpgrades } from "./upgrades.ts";
import { createWebApiRoutes, type WebApiRoutesDeps } from "./web-api/routes.ts";

export interface WorkspaceDeps {
  readonly logger: Logger;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

/** A chat workspace on this machine, for a bot without Slack. */
export interface Workspace {
  /** Resolves with the port. Throws `ERR_PORT_IN_USE` and `ERR_LISTEN_FAILED` of the service package. */
  listen(): Promise<number>;
  /** The page: `http://127.0.0.1:PORT`. Right only once it listens, when the port was 0. */
  readonly url: string;
  /** For Bolt's `slackApiUrl`: `http://127.0.0.1:PORT/api/`. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly botUserId: string;
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 1_000;

/**
 * Makes a workspace that speaks Slack's Web API and Socket Mode well enough for an unmodified Bolt app, and serves the page
 * on which people talk to that app.
 *
 * @throws {LocalError} `ERR_LOCAL_CHAT_UNREADABLE`
 * @throws {TypeError} for a name in the configuration that cannot be used.
 */
export async function createWorkspace(config: WorkspaceConfig, deps: WorkspaceDeps): Promise<Workspace> {
  const resolved = resolveConfig(config);
  const address = { port: resolved.port };
  const baseUrl = () => `http://${resolved.host}:${address.port}`;
  const database = openDatabase(resolved.dataFile);
  const secrets = loadSecrets(database);
  const parts = createParts(resolved, database, baseUrl, deps);
  const server = createServer(createApp({ ...parts, secrets }));
  const pages = createPushSocket(parts.pushes);
  addUpgrades(server, { ...parts, pages });
  return {
    async listen() {
      const variable = resolved.portVariable;
      const options = { what: "the local workspace", host: resolved.host, port: resolved.port };
      address.port = await listen(server, { ...options, ...(variable !== undefined && { variable }) });
      return address.port;
    },
    get url() {
      return baseUrl();
    },
    get apiUrl() {
      return `${baseUrl()}/api/`;
    },
    ...secrets,
    botUserId: parts.identities.bot.id,
    async close() {
      parts.deliveries.close();
      parts.sockets.close();
      pages.close();
      await closeServer(server as Server, CLOSE_GRACE_MS);
      database.close();
    },
  };
}

type Parts = Omit<WebApiRoutesDeps, "secrets" | "sockets" | "faults"> &
  PeopleRoutesDeps & { deliveries: ReturnType<typeof createDeliveries> };

function createParts(
  config: ResolvedConfig,
  database: ReturnType<typeof openDatabase>,
  baseUrl: () => string,
  { logger, now = Date.now }: WorkspaceDeps,
): Parts {
  const identities = createIdentities(config);
  const messages = createMessageStore(database);
  const newest = Object.values(messages.latest()).sort().at(-1);
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
  return {
    config,
    identities,
    messages,
    pushes,
    faults,
    sockets,
    deliveries,
    baseUrl,
    logger,
    now,
    chat: createChat({ identities, messages, pushes, nextTs: createTimestamps(now, newest) }),
    membership: createMembership(config, identities),
    files: createFileStore(database),
    views: createViews(pushes),
    triggers: createTriggers(now),
    responseUrls: createResponseUrls(now),
    events: createEvents({ config, identities, deliveries, now }),
  };
}

function createApp(deps: Parts & Pick<WebApiRoutesDeps, "secrets">): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use((request, response, next) => {
    response.set({
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Cross-Origin-Opener-Policy": "same-origin",
    });
    const refusal = refusalOf(request.headers);
    if (refusal === undefined) next();
    else response.status(403).json({ error: refusal });
  });
  app.use(createWebApiRoutes(deps));
  app.use("/workspace", createPeopleRoutes(deps));
  app.use(createPageRoutes());
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    answerError(error, response, deps),
  );
  return app;
}

function answerError(error: unknown, response: Response, { logger }: WorkspaceDeps): void {
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  if (status >= 500) logger.error({ err: error }, "workspace request failed");
  response.status(status).json({ ok: false, error: status >= 500 ? "internal_error" : "invalid_request" });
}

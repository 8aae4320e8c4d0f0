import { createServer } from "node:http";
import { closeServer, type Logger, listen } from "@gatehouse/service";
import { resolveConfig, type WorkspaceConfig } from "./config.ts";
import { createHttpApp } from "./http-app.ts";
import { createParts } from "./parts.ts";
import { createPushSocket } from "./people/push-socket.ts";
import { openDatabase } from "./store/database.ts";
import { loadSecrets } from "./store/secret-store.ts";
import { addUpgrades } from "./upgrades.ts";

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
export async function createWorkspace(
  config: WorkspaceConfig,
  { logger, now = Date.now }: WorkspaceDeps,
): Promise<Workspace> {
  const resolved = resolveConfig(config);
  const address = { port: resolved.port };
  const baseUrl = () => `http://${resolved.host}:${address.port}`;
  const database = openDatabase(resolved.dataFile);
  const secrets = loadSecrets(database);
  const parts = createParts(resolved, { database, baseUrl, logger, now });
  const server = createServer(createHttpApp({ ...parts, secrets, logger }));
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
      await closeServer(server, CLOSE_GRACE_MS);
      database.close();
    },
  };
}

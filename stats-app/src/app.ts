import { createServer, type Server } from "node:http";
import { createVerifier, type Verifier } from "@gatehouse/access-client/verify";
import { ConfigError, closeServer, createLogger, type Logger, listen } from "@gatehouse/service";
import { readCatalogue } from "./catalogue/read-catalogue.ts";
import type { StatsConfig } from "./config.ts";
import { createExpressApp } from "./express-app.ts";
import { type EventInput, importEvents } from "./ingest/ingest.ts";
import { createQuestionService } from "./query/question-service.ts";
import { usOfMs } from "./query/time-zone.ts";
import { openStore } from "./store/open-store.ts";
import { rememberReads } from "./store/remembered-reads.ts";
import type { Store, WriteResult } from "./store/store.ts";

export interface StatsDeps {
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Default: JSON lines on standard output. */
  readonly logger?: Logger;
}

/** A started store with a server that does not listen yet. */
export interface StatsApp {
  readonly server: Server;
  readonly store: Store;
  /**
   * Listens on the configured host and port; resolves with the port.
   *
   * @throws {ServiceError} `ERR_PORT_IN_USE`, `ERR_LISTEN_FAILED`
   */
  listen(): Promise<number>;
  /** Stores events made in this process, in batches of any size, each durable; repeated ids change nothing. */
  importEvents(batches: Iterable<readonly EventInput[]> | AsyncIterable<readonly EventInput[]>): Promise<WriteResult>;
  /** Lets open requests finish, then closes the store. */
  close(): Promise<void>;
}

/** How long open requests may take once the app stops. */
const DRAIN_MS = 5_000;

/**
 * Opens the store and puts the app together.
 *
 * @throws {ConfigError} `ERR_CONFIG_INVALID` for mistakes in the catalogue, by line
 * @throws {StatsError} `ERR_STORE_LOCKED`, `ERR_STORE_UNAVAILABLE`, `ERR_STORE_UNSUPPORTED`
 */
export async function createStatsApp(config: StatsConfig, deps: StatsDeps = {}): Promise<StatsApp> {
  const now = deps.now ?? Date.now;
  const logger = deps.logger ?? createLogger({ app: "stats-app", level: config.LOG_LEVEL });
  const catalogue = readCatalogue(config.STATS_CATALOGUE);
  const verifier = createJwtVerifier(config, now);
  const store = await openStore(config.STATS_DATABASE_URL, {
    dimensions: [...catalogue.dimensions.keys()],
    memoryLimit: config.STATS_MEMORY_LIMIT,
    threads: config.STATS_THREADS,
  });
  const questions = createQuestionService({ catalogue, store: rememberReads(store), now });
  const queryTimeoutMs = config.STATS_QUERY_TIMEOUT_MS;
  const server = createServer(createExpressApp({ verifier, questions, store, now, logger, queryTimeoutMs }));
  return {
    server,
    store,
    listen: () =>
      listen(server, {
        what: "the stats app",
        host: config.STATS_HOST,
        port: config.STATS_PORT,
        variable: "STATS_PORT",
      }),
    importEvents: (batches) => importEvents(store, batches, usOfMs(now())),
    async close() {
      await closeServer(server, DRAIN_MS);
      await store.close();
    },
  };
}

function createJwtVerifier(config: StatsConfig, now: () => number): Verifier {
  const { STATS_ACCESS_ISSUER: issuer, STATS_ACCESS_AUDIENCE: audience, STATS_ACCESS_JWKS_URL: jwksUrl } = config;
  try {
    return createVerifier({ issuer, audience, now, ...(jwksUrl === undefined ? {} : { jwksUrl }) });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new ConfigError([{ name: "STATS_ACCESS_*", problem: cause.message }]);
  }
}

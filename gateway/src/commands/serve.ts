import { createLogger, readEnvironment, runService } from "@gatehouse/service";
import { readServeConfig } from "../config.ts";
import { createGateway } from "../server.ts";

/** For open requests to finish and pending lines to be written. */
const STOP_TIMEOUT_MS = 10_000;

/** Runs the gateway until SIGTERM or SIGINT. */
export async function serve(): Promise<void> {
  await runService({ app: "gateway" }, async () => {
    const config = readServeConfig(readEnvironment());
    const logger = createLogger({ app: "gateway", level: config.logLevel });
    const gateway = await createGateway(config.gateway, { logger });
    const port = await gateway.listen();
    const adminPort = await gateway.listenAdmin();
    const domains = config.gateway.policies.applications.map(({ domain }) => domain);
    logger.info(
      { host: config.gateway.listen.host, port, adminPort, issuer: config.gateway.issuer, domains },
      "listening",
    );
    const stopTimeoutMs = (config.gateway.drainDelayMs ?? 0) + STOP_TIMEOUT_MS;
    return { service: { stop: () => gateway.close(), stopTimeoutMs }, logger };
  });
}

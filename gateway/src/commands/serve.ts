import { createLogger, readEnvironment, runService } from "@gatehouse/service";
import { readServeConfig } from "../config.ts";
import { createGateway } from "../server.ts";

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
    return { service: { stop: () => gateway.close() }, logger };
  });
}

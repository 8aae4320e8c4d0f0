import { ConfigError, createLogger, readEnvironment } from "@gatehouse/service";
import { StoreError } from "@gatehouse/service/store";
import { readTokensConfig } from "../config.ts";
import { GatewayError } from "../errors.ts";
import { type OpenedTokens, openServiceTokens } from "../tokens/open-service-tokens.ts";

/** sysexits.h: EX_CONFIG. */
const EXIT_CONFIG = 78;

/** Runs a command on the gateway's database, prints what it says, and turns what was wrong into a line and an exit code. */
export async function withStore(work: (opened: OpenedTokens) => Promise<string>): Promise<void> {
  try {
    const logger = createLogger({ app: "gateway", level: "error" });
    const opened = await openServiceTokens(readTokensConfig(readEnvironment()), { logger });
    try {
      process.stdout.write(await work(opened));
    } finally {
      await opened.close();
    }
  } catch (error) {
    const isKnown = error instanceof GatewayError || error instanceof StoreError || error instanceof ConfigError;
    if (!isKnown) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : 1;
  }
}

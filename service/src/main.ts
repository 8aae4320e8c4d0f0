import { ServiceError } from "./errors.ts";
import type { Logger } from "./logger.ts";

/** What a started app gives back. */
export interface RunningService {
  /** Drains and closes everything; must settle. */
  stop(): Promise<void>;
  /** How long the stop may take before the process ends anyway, where the configuration says. Default: the app's. */
  readonly stopTimeoutMs?: number;
}

export interface RunOptions {
  readonly app: string;
  /** How long a stop may take before the process ends anyway. Default 10,000. */
  readonly stopTimeoutMs?: number;
}

/** sysexits.h: EX_CONFIG. */
const EXIT_CONFIG = 78;
const DEFAULT_STOP_TIMEOUT_MS = 10_000;

/**
 * The outermost frame of every app: starts it, stops it cleanly on SIGTERM or SIGINT (a second signal ends at once), and turns a
 * failed start into a readable line and an exit code: 78 for a bad configuration, 1 for anything else.
 */
export async function runService(
  options: RunOptions,
  start: () => Promise<{ service: RunningService; logger: Logger }>,
): Promise<void> {
  const early = listenForSignals();
  try {
    const { service, logger } = await start();
    const signal = await early.next;
    process.once("SIGINT", () => process.exit(130)).once("SIGTERM", () => process.exit(143));
    logger.info({ signal }, "stopping");
    await stopWithin(service, service.stopTimeoutMs ?? options.stopTimeoutMs ?? DEFAULT_STOP_TIMEOUT_MS, logger);
    logger.info("stopped");
    process.exit(0);
  } catch (error) {
    failToStart(options.app, error);
  }
}

function listenForSignals(): { next: Promise<NodeJS.Signals> } {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  process.once("SIGTERM", resolve).once("SIGINT", resolve);
  return { next: promise };
}

async function stopWithin(service: RunningService, timeoutMs: number, logger: Logger): Promise<void> {
  const deadline = setTimeout(() => {
    logger.error({ timeoutMs }, "stop took too long; ending now");
    process.exit(1);
  }, timeoutMs);
  await service.stop().catch((error: unknown) => logger.error({ err: error }, "stop failed"));
  clearTimeout(deadline);
}

function failToStart(app: string, error: unknown): never {
  const known = error instanceof Error && "code" in error && typeof error.code === "string";
  const detail = known ? `${error.code}\n${error.message}` : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${app} did not start: ${detail}\n`);
  process.exit(error instanceof ServiceError && error.code === "ERR_CONFIG_INVALID" ? EXIT_CONFIG : 1);
}

import type { Logger } from "@gatehouse/service";
import { redactSecrets } from "@gatehouse/service";
import { type Logger as BoltLogger, LogLevel } from "@slack/bolt";

/**
 * Bolt's messages in our log. Its debug level is dropped whatever the configuration says: Socket Mode would log whole
 * envelopes, with response URLs and what people wrote.
 */
export function createBoltLogger(logger: Logger): BoltLogger {
  const write =
    (level: "info" | "warn" | "error") =>
    (...parts: unknown[]) =>
      logger[level]({ from: "bolt" }, textOf(parts));
  return {
    debug: () => undefined,
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

function textOf(parts: readonly unknown[]): string {
  return redactSecrets(
    parts.map((part) => (part instanceof Error ? `${part.name}: ${part.message}` : String(part))).join(" "),
  );
}

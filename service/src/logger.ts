import pino from "pino";
import pretty from "pino-pretty";
import { redactFields, redactSecrets } from "./redact.ts";
import { openStandardOutput } from "./standard-output.ts";

/** The part of pino that our code uses; tests may pass anything that has it. */
export type Logger = Pick<pino.Logger, "debug" | "info" | "warn" | "error" | "fatal" | "flush"> & {
  child(bindings: Record<string, unknown>): Logger;
};

export interface LoggerOptions {
  /** Which app writes: the `app` field of every line. */
  readonly app: string;
  /** Lowest level written. Default `info`. */
  readonly level?: pino.Level | "silent";
  /** Human-readable lines instead of JSON. Default: whether standard output is a terminal. */
  readonly isPretty?: boolean;
  /** Where lines go. Default: standard output. */
  readonly destination?: { write(line: string): unknown };
}

/** A pino logger: one JSON object a line, ISO times, secrets removed by key and by shape. */
export function createLogger(options: LoggerOptions): Logger {
  const isPretty = options.isPretty ?? (options.destination === undefined && process.stdout.isTTY === true);
  const settings: pino.LoggerOptions = {
    level: options.level ?? "info",
    base: { app: options.app },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    hooks: { streamWrite: (line) => redactSecrets(redactFields(line)) },
  };
  const plain = options.destination ?? openStandardOutput();
  const stream = isPretty
    ? pretty({
        singleLine: true,
        translateTime: "SYS:HH:MM:ss.l",
        ignore: "app,traceId",
        messageFormat: "{app}: {msg}",
      })
    : plain;
  return pino(settings, stream) as Logger;
}

import pretty from "pino-pretty";
import { formatLine, type LogDetails } from "./log-line.ts";
import { type LineOutput, openStandardOutput } from "./standard-output.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

type LogLevel = (typeof LEVELS)[number];

export interface LogMethod {
  (details: LogDetails, message?: string): void;
  (message: string): void;
}

/** Tests may pass anything that has these. */
export interface Logger {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
}

export interface LoggerOptions {
  /** Which app writes: the `app` field of every line. */
  readonly app: string;
  /** Lowest level written. Default `info`. */
  readonly level?: LogLevel;
  /** Human-readable lines instead of JSON. Default: whether standard output is a terminal. */
  readonly isPretty?: boolean;
  /** Where lines go. Default: standard output. */
  readonly destination?: { write(line: string): unknown };
}

/** One JSON object a line, with ISO times, secrets removed by key and by shape; the form is pino's. */
export function createLogger(options: LoggerOptions): Logger {
  const { app } = options;
  const isPretty = options.isPretty ?? (options.destination === undefined && process.stdout.isTTY === true);
  const output = isPretty ? openPrettyOutput() : (options.destination ?? standardOutput());
  const least = LEVELS.indexOf(options.level ?? "info");
  const method = (level: LogLevel): LogMethod => {
    if (LEVELS.indexOf(level) < least) return () => undefined;
    return (first: LogDetails | string, message?: string) => {
      const line = { app, level, nowMs: Date.now() };
      if (typeof first === "string") output.write(formatLine(line, undefined, first));
      else output.write(formatLine(line, first, message));
    };
  };
  return {
    debug: method("debug"),
    info: method("info"),
    warn: method("warn"),
    error: method("error"),
    fatal: method("fatal"),
  };
}

let shared: LineOutput | undefined;

/** One for all loggers of a process: their lines keep their order, and its exit is listened to once. */
function standardOutput(): LineOutput {
  shared ??= openStandardOutput();
  return shared;
}

function openPrettyOutput() {
  return pretty({
    singleLine: true,
    translateTime: "SYS:HH:MM:ss.l",
    ignore: "app,traceId",
    messageFormat: "{app}: {msg}",
  });
}

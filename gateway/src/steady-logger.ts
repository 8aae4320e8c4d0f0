import type { Logger, LogMethod } from "@gatehouse/service";

/** The same logger, but a line that cannot be written, as on a full disk, is lost instead of ending whoever wrote it. */
export function steadyLogger(logger: Logger): Logger {
  const level = (name: keyof Logger): LogMethod => {
    return (...line: unknown[]) => {
      try {
        (logger[name] as (...line: unknown[]) => void)(...line);
      } catch {
        // There is nowhere left to say so.
      }
    };
  };
  return {
    debug: level("debug"),
    info: level("info"),
    warn: level("warn"),
    error: level("error"),
    fatal: level("fatal"),
  };
}

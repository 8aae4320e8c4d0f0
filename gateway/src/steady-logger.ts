import type { Logger } from "@gatehouse/service";

type Write = (details: object | string, message?: string) => void;

/** The same logger, but a line that cannot be written, as on a full disk, is lost instead of ending whoever wrote it. */
export function steadyLogger(logger: Logger): Logger {
  const level = (name: "debug" | "info" | "warn" | "error" | "fatal"): Write => {
    return (...line) => {
      try {
        (logger[name] as Write)(...line);
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
    flush: (done) => logger.flush(done),
    child: (bindings) => steadyLogger(logger.child(bindings)),
  } as Logger;
}

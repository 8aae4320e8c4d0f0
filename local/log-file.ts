import { createWriteStream } from "node:fs";
import { join } from "node:path";

/** pino's levels, as `createLogger` writes them. */
const RANK: Readonly<Record<string, number>> = { debug: 20, info: 30, warn: 40, error: 50, fatal: 60 };

export interface LogFile {
  readonly path: string;
  write(line: string): void;
  close(): Promise<void>;
}

/**
 * Where all apps of a local start log to: every line, as JSON, into one file, and those of `terminalLevel` and above also to the
 * terminal, in short, so that the addresses printed at the start stay in sight.
 */
export function openLogFile(folder: string, terminalLevel: string, terminal: NodeJS.WritableStream): LogFile {
  const path = join(folder, "gatehouse.log");
  const file = createWriteStream(path, { flags: "a", mode: 0o600 });
  const threshold = RANK[terminalLevel] ?? 40;
  return {
    path,
    write(line) {
      file.write(line);
      const { level, text } = shorten(line);
      if ((RANK[level] ?? 0) >= threshold) terminal.write(`${text}\n`);
    },
    close: () => new Promise((resolve) => file.end(resolve)),
  };
}

/** `12:03:44 gateway warn: origin unreachable (ECONNREFUSED) traceId=…` */
function shorten(line: string): { level: string; text: string } {
  const { level, time, app, msg, err, traceId } = JSON.parse(line) as Record<string, string> & {
    err?: { message: string };
  };
  const details = [err?.message && `(${err.message})`, traceId && `traceId=${traceId}`].filter(Boolean).join(" ");
  return { level: level ?? "", text: `${time?.slice(11, 19)} ${app} ${level}: ${msg ?? ""} ${details}`.trimEnd() };
}

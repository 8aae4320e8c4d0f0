import { openSync, renameSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makePrivateFolder } from "@gatehouse/service";

/** pino's levels, as `createLogger` writes them. */
const RANK: Readonly<Record<string, number>> = { debug: 20, info: 30, warn: 40, error: 50, fatal: 60 };

/** A start that finds a longer log puts it aside, in place of the one put aside before. */
const MAX_BYTES = 20_000_000;
/** What could move a terminal's cursor or colour its text. */
const CONTROL = /\p{Cc}+/gu;

export interface LogFile {
  readonly path: string;
  write(line: string): void;
}

/**
 * Where all apps of a local start log to: every line, as JSON, into one file, and those of `terminalLevel` and above also to the
 * terminal, in short, so that the addresses printed at the start stay in sight.
 */
export function openLogFile(folder: string, terminalLevel: string, terminal: NodeJS.WritableStream): LogFile {
  makePrivateFolder(folder);
  const path = join(folder, "gatehouse.log");
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(path, `${path}.1`);
  // Written at once, so that nothing is lost however the process ends.
  const file = openSync(path, "a", 0o600);
  const threshold = RANK[terminalLevel] ?? 40;
  return {
    path,
    write(line) {
      writeSync(file, line);
      const { level, text } = shorten(line);
      if ((RANK[level] ?? 0) >= threshold) terminal.write(`${text}\n`);
    },
  };
}

interface LoggedError {
  readonly message: string;
  readonly cause?: LoggedError;
}

/** With what lies at the bottom of it: that is where a network says what happened. */
function reasonOf({ message, cause }: LoggedError): string {
  let root = cause;
  while (root?.cause !== undefined) root = root.cause;
  return root === undefined || message.includes(root.message) ? message : `${message} Cause: ${root.message}`;
}

/** `12:03:44 gateway warn: origin unreachable (ECONNREFUSED) traceId=…` */
function shorten(line: string): { level: string; text: string } {
  const { level, time, app, msg, err, traceId } = JSON.parse(line) as Record<string, string> & {
    err?: LoggedError;
  };
  const details = [err && `(${reasonOf(err)})`, traceId && `traceId=${traceId}`].filter(Boolean).join(" ");
  return {
    level: level ?? "",
    text: `${time?.slice(11, 19)} ${app} ${level}: ${msg ?? ""} ${details}`.replace(CONTROL, " ").trimEnd(),
  };
}

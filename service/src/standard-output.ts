import { writeSync } from "node:fs";

/** Lines are collected for this long or to this length: a call of the system for each costs more than all else about it. */
const FLUSH_INTERVAL_MS = 50;
const FLUSH_LENGTH = 16 * 1024;
/** What waits for a reader that does not read; what comes after it is lost, and the app goes on. */
const MAX_PENDING_LENGTH = 4 * 1024 * 1024;
/** At the end of the process a slow reader is waited for this often, this long. */
const LAST_TRIES = 20;
const LAST_PAUSE_MS = 50;
const STANDARD_OUTPUT = 1;

export interface LineOutput {
  write(line: string): void;
  /** Writes what was collected. Never throws: lines that cannot be written, as on a full disk, are lost. */
  flushSync(): void;
}

/** Standard output for log lines, in batches; what is left is written when the process exits. */
export function openStandardOutput(): LineOutput {
  let unwritten = Buffer.alloc(0);
  let pending = "";
  let timer: NodeJS.Timeout | undefined;
  const flushSync = () => {
    clearTimeout(timer);
    timer = undefined;
    const text = pending;
    pending = "";
    unwritten = unwritten.length === 0 ? writeText(text) : writeBytes(Buffer.concat([unwritten, Buffer.from(text)]));
    if (unwritten.length > 0) schedule();
  };
  const schedule = () => {
    timer = setTimeout(flushSync, FLUSH_INTERVAL_MS).unref();
  };
  process.once("exit", () => {
    flushSync();
    for (let tries = 0; unwritten.length > 0 && tries < LAST_TRIES; tries += 1) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_PAUSE_MS);
      flushSync();
    }
  });
  return {
    flushSync,
    write(line) {
      if (unwritten.length + pending.length > MAX_PENDING_LENGTH) return;
      pending += line;
      if (pending.length >= FLUSH_LENGTH) flushSync();
      else if (timer === undefined) schedule();
    },
  };
}

/** As it is: bytes are made of it only where a pipe did not take it all. */
function writeText(text: string): Buffer<ArrayBuffer> {
  let written = 0;
  try {
    written = writeSync(STANDARD_OUTPUT, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return Buffer.alloc(0);
  }
  return written === Buffer.byteLength(text) ? Buffer.alloc(0) : writeBytes(Buffer.from(text).subarray(written));
}

/** Gives back what a full pipe does not take. What cannot be written at all is dropped. */
function writeBytes(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(STANDARD_OUTPUT, bytes, written);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return bytes.subarray(written);
  }
  return bytes.subarray(bytes.length);
}

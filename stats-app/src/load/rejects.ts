import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";

const MAX_SHOWN = 20;

/** Collects bad rows: the first ones to show, all of them to a file when one is asked for. */
export interface Rejects {
  readonly count: number;
  readonly shown: readonly { readonly line: number; readonly problem: string }[];
  add(line: number, problem: string): void;
  close(): Promise<void>;
}

export function createRejects(file: string | undefined): Rejects {
  const shown: { line: number; problem: string }[] = [];
  let count = 0;
  let stream: WriteStream | undefined;
  return {
    get count() {
      return count;
    },
    shown,
    add(line, problem) {
      count += 1;
      if (shown.length < MAX_SHOWN) shown.push({ line, problem });
      if (file === undefined) return;
      stream ??= createWriteStream(file);
      stream.write(`${JSON.stringify({ line, problem })}\n`);
    },
    async close() {
      if (stream === undefined) return;
      stream.end();
      await finished(stream);
    },
  };
}

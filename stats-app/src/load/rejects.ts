import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { Source } from "./source.ts";

const MAX_SHOWN = 20;

/** Collects bad rows: the first ones to show, all of them to a file when one is asked for. */
export interface Rejects {
  readonly count: number;
  /** `line 12: …`, in the file's order. */
  readonly shown: readonly string[];
  add(place: Source["place"], number: number, problem: string): void;
  close(): Promise<void>;
}

export function createRejects(file: string | undefined): Rejects {
  const shown: string[] = [];
  let count = 0;
  let stream: WriteStream | undefined;
  return {
    get count() {
      return count;
    },
    shown,
    add(place, number, problem) {
      count += 1;
      if (shown.length < MAX_SHOWN) shown.push(`${place} ${number}: ${problem}`);
      if (file === undefined) return;
      stream ??= createWriteStream(file);
      stream.write(`${JSON.stringify({ [place]: number, problem })}\n`);
    },
    async close() {
      if (stream === undefined) return;
      stream.end();
      await finished(stream);
    },
  };
}

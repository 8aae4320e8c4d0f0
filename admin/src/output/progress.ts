import { stripVTControlCharacters } from "node:util";
import { plain } from "./paint.ts";

/** A line that says what is being done, and goes when it is done. */
export interface Progress {
  show(line: string): void;
  /** Takes the line away, before anything else is printed. */
  clear(): void;
}

type Terminal = Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write">;

const CLEAR = "\r\u001B[2K";
/** Where lines stay, as in a build's log, one is enough now and then. */
const PAUSE_MS = 30_000;

/** On a terminal one line that changes in its place; elsewhere a line every half minute, so that short work says nothing. */
export function createProgress(stream: Terminal, now: () => number): Progress {
  let [isShown, lastMs] = [false, now()];
  const clear = (): void => {
    if (isShown) stream.write(CLEAR);
    isShown = false;
  };
  return {
    clear,
    show(line) {
      const text = plain(line);
      if (stream.isTTY) {
        stream.write(`${CLEAR}${cut(`… ${text}`, stream.columns)}`);
        isShown = true;
      } else if (now() - lastMs >= PAUSE_MS) {
        stream.write(`${text}\n`);
        lastMs = now();
      }
    },
  };
}

/** A line that wraps could not be taken away again. */
function cut(text: string, columns: number): string {
  const most = Math.max(columns - 1, 1);
  return stripVTControlCharacters(text).length <= most ? text : `${text.slice(0, most - 1)}…`;
}

import { useEffect, useRef, useState } from "preact/hooks";
import { type AuditLine, type AuditQuestion, followAudit, readAudit } from "../api/audit.ts";
import type { Problem } from "../api/client.ts";
import { problemFrom } from "../kit/resource.ts";

/** So many lines a long watch keeps on the page. */
const MAX_LINES = 2_000;
const RETRY_MS = 2_000;

interface LogState {
  readonly lines: readonly AuditLine[] | undefined;
  readonly next: number | null;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
}

export interface Log extends LogState {
  loadMore(): Promise<void>;
}

const START: LogState = { lines: undefined, next: null, problem: undefined, isLoading: true };

/** The log's newest lines that match, older ones on demand, and, while `isLive`, new ones as they are written. */
export function useLog(question: AuditQuestion, isLive: boolean): Log {
  const [state, setState] = useState(START);
  const key = JSON.stringify(question);
  const current = useRef(key);
  current.current = key;
  const read = async (before: number | null) => {
    setState((old) => ({ ...old, isLoading: true }));
    try {
      const page = await readAudit(question, before);
      if (current.current !== key) return;
      setState((old) => ({
        lines: merged(before === null ? page.lines : [...(old.lines ?? []), ...page.lines]),
        next: page.next,
        problem: undefined,
        isLoading: false,
      }));
    } catch (error) {
      if (current.current === key) setState((old) => ({ ...old, problem: problemFrom(error), isLoading: false }));
    }
  };
  useEffect(() => void read(null), [key]);
  useEffect(() => {
    if (!isLive) return;
    const stop = new AbortController();
    const onLine = (line: AuditLine) =>
      setState((old) => ({ ...old, lines: merged([line, ...(old.lines ?? [])]).slice(0, MAX_LINES) }));
    void watch(question, stop.signal, onLine, (problem) => setState((old) => ({ ...old, problem })));
    return () => stop.abort();
  }, [key, isLive]);
  return { ...state, loadMore: () => read(state.next) };
}

/** Follows until told to stop; when the connection breaks, the problem is shown and another try made. */
async function watch(
  question: AuditQuestion,
  signal: AbortSignal,
  onLine: (line: AuditLine) => void,
  onProblem: (problem: Problem | undefined) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      onProblem(undefined);
      await followAudit(question, signal, onLine);
    } catch (error) {
      if (signal.aborted) return;
      onProblem(problemFrom(error));
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Newest first, each once: the stream and the page may bring the same line. */
function merged(lines: readonly AuditLine[]): readonly AuditLine[] {
  const bySeq = new Map(lines.map((line) => [line.seq, line]));
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq);
}

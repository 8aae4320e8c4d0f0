import { useEffect, useRef, useState } from "preact/hooks";
import { type AuditLine, type AuditQuestion, followAudit, readAudit } from "../api/audit.ts";
import type { Problem } from "../api/client.ts";
import { problemFrom } from "../kit/resource.ts";

/** So many lines a long watch keeps on the page. */
const MAX_LINES = 2_000;
const RETRY_MS = 2_000;

interface LogState {
  /** Of the question with this key; an earlier one's stay in sight until the new ones are there. */
  readonly key: string | undefined;
  readonly lines: readonly AuditLine[] | undefined;
  readonly next: number | null;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
}

export interface Log extends Omit<LogState, "key"> {
  loadMore(): Promise<void>;
}

const START: LogState = { key: undefined, lines: undefined, next: null, problem: undefined, isLoading: true };

/** The log's newest lines that match, older ones on demand, and, while `isLive`, new ones as they are written. */
export function useLog(question: AuditQuestion, isLive: boolean): Log {
  const [state, setState] = useState(START);
  const key = JSON.stringify(question);
  const asked = useRef(key);
  asked.current = key;
  const read = async (before: number | null) => {
    setState((old) => ({ ...old, isLoading: true }));
    try {
      const { lines, next } = await readAudit(question, before);
      if (asked.current !== key) return;
      const withOlder = (old: LogState) => merged(before === null ? lines : [...(old.lines ?? []), ...lines]);
      setState((old) => ({ key, lines: withOlder(old), next, problem: undefined, isLoading: false }));
    } catch (error) {
      if (asked.current === key) setState((old) => ({ ...old, problem: problemFrom(error), isLoading: false }));
    }
  };
  useEffect(() => void read(null), [key]);
  const isReady = state.key === key;
  useEffect(() => {
    if (!isLive || !isReady) return;
    const stop = new AbortController();
    void watch(question, state.lines?.[0]?.seq, stop.signal, {
      onLine: (line) =>
        setState((old) => ({ ...old, lines: merged([line, ...(old.lines ?? [])]).slice(0, MAX_LINES) })),
      onProblem: (problem) => setState((old) => ({ ...old, problem })),
    });
    return () => stop.abort();
  }, [key, isLive, isReady]);
  return { ...state, loadMore: () => read(state.next) };
}

interface Watcher {
  readonly onLine: (line: AuditLine) => void;
  readonly onProblem: (problem: Problem | undefined) => void;
}

/** Follows until told to stop; when the connection breaks, the problem is shown and the log followed from where it broke. */
async function watch(
  question: AuditQuestion,
  afterSeq: number | undefined,
  signal: AbortSignal,
  { onLine, onProblem }: Watcher,
): Promise<void> {
  let after = afterSeq;
  while (!signal.aborted) {
    try {
      await followAudit(question, after, signal, (line) => {
        after = Math.max(after ?? 0, line.seq);
        onProblem(undefined);
        onLine(line);
      });
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

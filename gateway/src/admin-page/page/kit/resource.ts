import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../api/client.ts";

export interface Resource<T> {
  /** What was read last; stays in sight while it is read again. */
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
  reload(): Promise<void>;
}

/** Something read from the gateway, and again when one of `keys` changes. The last question asked is the one answered. */
export function useResource<T>(read: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[]): Resource<T> {
  const [state, setState] = useState<{ data?: T; problem?: Problem; isLoading: boolean }>({ isLoading: true });
  const running = useRef<AbortController>(null);
  const reload = useCallback(async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState(({ data }) => ({ ...(data !== undefined && { data }), isLoading: true }));
    try {
      const data = await read(controller.signal);
      if (!controller.signal.aborted) setState({ data, isLoading: false });
    } catch (error) {
      if (!controller.signal.aborted) {
        setState(({ data }) => ({
          ...(data !== undefined && { data }),
          problem: problemFrom(error),
          isLoading: false,
        }));
      }
    }
  }, keys);
  useEffect(() => {
    void reload();
    return () => running.current?.abort();
  }, [reload]);
  return { data: state.data, problem: state.problem, isLoading: state.isLoading, reload };
}

export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem(0, ["Something went wrong on this page. Load it again."]);
}

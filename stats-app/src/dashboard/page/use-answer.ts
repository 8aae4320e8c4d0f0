import { useEffect, useState } from "preact/hooks";
import { ApiError, ask, type CatalogueAnswer, type StatsAnswer } from "./api.ts";
import { queryOf, type View } from "./state.ts";

/** The last answer stays while the next one is fetched, so that nothing jumps. */
export interface AnswerState {
  readonly answer: StatsAnswer | undefined;
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
}

/** Asks what the view asks, once more for each `attempt` and each newer catalogue; a newer view cancels the older question. */
export function useAnswer(view: View, catalogue: CatalogueAnswer, attempt: number): AnswerState {
  const [state, setState] = useState<AnswerState>({ answer: undefined, error: undefined, isLoading: true });
  const question = JSON.stringify(queryOf(view, catalogue));
  useEffect(() => {
    const cancel = new AbortController();
    setState((before) => ({ ...before, isLoading: true }));
    ask(JSON.parse(question), cancel.signal).then(
      (answer) => setState({ answer, error: undefined, isLoading: false }),
      (error: unknown) => {
        if (cancel.signal.aborted) return;
        const shown = error instanceof ApiError ? error : new ApiError("Something went wrong on this page.");
        setState({ answer: undefined, error: shown, isLoading: false });
      },
    );
    return () => cancel.abort();
  }, [question, attempt, catalogue.now]);
  return state;
}

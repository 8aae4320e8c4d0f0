import { useState } from "preact/hooks";
import type { Problem } from "../api/client.ts";
import { problemFrom } from "./resource.ts";

/** A change in progress: busy while it runs, and what it failed with. */
export function useAction() {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  /** Resolves true when it went well. */
  const run = async (act: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      return true;
    } catch (error) {
      setProblem(problemFrom(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, run };
}

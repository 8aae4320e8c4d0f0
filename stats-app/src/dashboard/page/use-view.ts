import { useCallback, useEffect, useState } from "preact/hooks";
import type { CatalogueAnswer } from "./api.ts";
import { formatView, parseView, type View } from "./state.ts";

/** The view in the address, and a way to change it that the back button can undo. */
export function useView(catalogue: CatalogueAnswer): readonly [View, (view: View) => void] {
  const [view, setView] = useState(() => parseView(location.search, catalogue));
  useEffect(() => {
    const read = () => setView(parseView(location.search, catalogue));
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, [catalogue]);
  const change = useCallback((next: View) => {
    history.pushState(null, "", formatView(next));
    setView(next);
  }, []);
  return [view, change];
}

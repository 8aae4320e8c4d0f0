import { useEffect, useState } from "preact/hooks";
import type { WorkspaceState } from "../model.ts";
import { hashOf, placeFrom } from "./places.ts";
import type { Place, ThreadId } from "./state.ts";

/** The place and the open thread, kept in the address, so that back and reload work. */
export function usePlace(workspace: WorkspaceState) {
  const [where, setWhere] = useState(() => placeFrom(location.hash, workspace));
  useEffect(() => {
    const follow = () => setWhere(placeFrom(location.hash, workspace));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [workspace]);
  const go = (place: Place, thread: ThreadId | null) => {
    location.hash = hashOf(place, thread);
  };
  return {
    ...where,
    goTo: (place: Place) => go(place, null),
    openThread: (thread: ThreadId | null) => go(where.place, thread),
  };
}

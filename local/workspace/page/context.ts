import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "./api.ts";
import type { PageState, Place, ThreadId } from "./state.ts";

/** What every component may need: the state, the person's API, and where to go. */
export interface Page {
  readonly state: PageState;
  readonly api: Api;
  readonly place: Place;
  readonly thread: ThreadId | null;
  goTo(place: Place): void;
  openThread(thread: ThreadId | null): void;
  markRead(channel: string, ts: string): void;
  /** Shows a short notice at the bottom. */
  notify(text: string): void;
  /** Puts text into the channel's composer. */
  suggest(text: string): void;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new TypeError("usePage needs a PageContext above it.");
  return page;
}

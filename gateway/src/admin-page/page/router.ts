import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { html } from "./html.ts";
import { isHeldBack } from "./kit/leave-guard.ts";

/** Where the address points: `/applications/<id>?tab=…`. */
export interface Place {
  readonly section: string;
  /** Empty for the section's list. */
  readonly id: string;
  readonly query: URLSearchParams;
}

const MOVED = "gatehouse:moved";
let shown = location.pathname + location.search;

export function usePlace(): Place {
  const [place, setPlace] = useState(placeNow);
  useEffect(() => {
    const follow = () => {
      const wanted = location.pathname + location.search;
      if (wanted === shown) return setPlace(placeNow());
      if (isHeldBack()) return history.pushState(null, "", shown);
      shown = wanted;
      setPlace(placeNow());
    };
    addEventListener("popstate", follow);
    addEventListener(MOVED, follow);
    return () => {
      removeEventListener("popstate", follow);
      removeEventListener(MOVED, follow);
    };
  }, []);
  return place;
}

function placeNow(): Place {
  const [section = "", id = ""] = location.pathname.split("/").slice(1).map(decoded);
  return { section: section === "" ? "service-tokens" : section, id, query: new URLSearchParams(location.search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function goTo(address: string): void {
  if (isHeldBack()) return;
  history.pushState(null, "", address);
  shown = location.pathname + location.search;
  dispatchEvent(new Event(MOVED));
  scrollTo(0, 0);
}

/** The same place with other questions in the address; no entry in the history, for it follows every key. */
export function changeQuery(changes: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") query.delete(name);
    else query.set(name, value);
  }
  const search = query.toString();
  history.replaceState(null, "", location.pathname + (search === "" ? "" : `?${search}`));
  shown = location.pathname + location.search;
  dispatchEvent(new Event(MOVED));
}

/** A link inside the page; with a modifier key it is the browser's. */
export function Link({ to, children, ...rest }: { to: string; children?: unknown; [name: string]: unknown }): VNode {
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    goTo(to);
  };
  return html`<a href=${to} onClick=${onClick} ...${rest}>${children}</a>`;
}

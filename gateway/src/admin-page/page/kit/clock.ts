import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { html } from "../html.ts";
import { absoluteTime, relativeTime } from "./times.ts";

const TICK_MS = 15_000;
const listeners = new Set<(nowMs: number) => void>();

/** One timer for the whole page; it also goes on right after the page was in the background. */
setInterval(() => tick(), TICK_MS);
document.addEventListener("visibilitychange", () => tick());

function tick(): void {
  if (document.visibilityState === "visible") for (const listener of listeners) listener(Date.now());
}

/** The present moment, renewed so often that "2 minutes ago" stays true. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    listeners.add(setNow);
    return () => void listeners.delete(setNow);
  }, []);
  return now;
}

/** An instant as people say it, with the exact one as its title. */
export function Ago({ at, never = "never" }: { at: string | null | undefined; never?: string }): VNode {
  const now = useNow();
  if (at === null || at === undefined || at === "") return html`<span class="muted">${never}</span>`;
  const atMs = Date.parse(at);
  return html`<time dateTime=${at} title=${absoluteTime(atMs)}>${relativeTime(atMs, now)}</time>`;
}

/** The same with the date beside it, where there is room. */
export function When({ at, never = "never" }: { at: string | null | undefined; never?: string }): VNode {
  const now = useNow();
  if (at === null || at === undefined) return html`<span class="muted">${never}</span>`;
  const atMs = Date.parse(at);
  return html`<time dateTime=${at} title=${at}>${relativeTime(atMs, now)} <span class="muted">· ${absoluteTime(atMs)}</span></time>`;
}

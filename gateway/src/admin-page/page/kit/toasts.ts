import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { html } from "../html.ts";

const SHOWN_MS = 5_000;

let show: (text: string) => void = () => undefined;

/** Says that something was done. */
export function toast(text: string): void {
  show(text);
}

/** Where toasts appear; spoken to those who cannot see them. */
export function Toasts(): VNode {
  const [notice, setNotice] = useState<{ readonly text: string }>();
  useEffect(() => {
    show = (text) => setNotice({ text });
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => setNotice(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return html`<div class="toasts" role="status">${notice !== undefined && html`<p class="toast">${notice.text}</p>`}</div>`;
}

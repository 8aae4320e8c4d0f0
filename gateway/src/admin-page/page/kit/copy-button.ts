import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { html } from "../html.ts";

const DONE_MS = 2_000;

/** Copies a text, and says so where the eye is. */
export function CopyButton({ text, label }: { text: string; label: string }): VNode {
  const [state, setState] = useState<"ready" | "copied" | "refused">("ready");
  useEffect(() => {
    if (state === "ready") return;
    const timer = setTimeout(() => setState("ready"), DONE_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    // Over plain http from another machine, browsers have no clipboard for pages.
    if (!isSecureContext) return setState("refused");
    void navigator.clipboard.writeText(text).then(
      () => setState("copied"),
      () => setState("refused"),
    );
  };
  const words = { ready: "Copy", copied: "Copied", refused: "Select it and press Ctrl+C" }[state];
  return html`<button type="button" class="button copy" aria-label=${state === "ready" ? `Copy ${label}` : words} onClick=${copy}>${words}</button>`;
}

/** A value that is copied rather than read: ids, tags, addresses. */
export function Copyable({ text, label }: { text: string; label: string }): VNode {
  return html`<span class="copyable"><code>${text}</code><${CopyButton} text=${text} label=${label} /></span>`;
}

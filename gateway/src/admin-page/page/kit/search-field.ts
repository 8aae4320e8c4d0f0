import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { html } from "../html.ts";
import { useQueryText } from "./query-text.ts";

/** The list's search, kept in the address; `/` jumps here from anywhere, Escape empties it. */
export function SearchField({ label, value }: { label: string; value: string }): VNode {
  const [text, setText] = useQueryText("search", value);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && text !== "") {
      event.preventDefault();
      setText("");
    }
  };
  return html`<div class="search" role="search">
    <input type="search" data-search aria-label=${label} aria-keyshortcuts="/" placeholder=${label} value=${text} spellcheck=${false}
      onKeyDown=${onKeyDown} onInput=${(event: Event) => setText((event.target as HTMLInputElement).value)} />
    <kbd aria-hidden="true">/</kbd>
  </div>`;
}

/** Lets `/` focus the search of whatever is shown. */
export function useSearchKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element && event.target.closest("input, textarea, select, dialog") !== null;
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const field = document.querySelector<HTMLInputElement>("[data-search]");
      if (field === null) return;
      event.preventDefault();
      field.focus();
      field.select();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

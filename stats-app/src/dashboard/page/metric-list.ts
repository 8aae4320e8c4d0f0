import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MetricInfo } from "./api.ts";
import { html } from "./html.ts";

interface MetricListProps {
  readonly metrics: readonly MetricInfo[];
  readonly selected: string;
  readonly onSelect: (name: string) => void;
}

/** All metrics, found by any word people use for them. `/` goes to the search, arrows move, Enter chooses. */
export function MetricList({ metrics, selected, onSelect }: MetricListProps): VNode {
  const [words, setWords] = useState("");
  const [cursor, setCursor] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const found = metrics.filter((metric) => matches(metric, words)).sort((a, b) => rank(a, words) - rank(b, words));
  useSlashKey(() => input.current?.focus());
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setCursor((cursor + step + found.length) % Math.max(found.length, 1));
    } else if (event.key === "Enter" && found[cursor] !== undefined) {
      onSelect(found[cursor].name);
    } else if (event.key === "Escape") {
      setWords("");
    }
  };
  return html`<nav class="metrics" aria-label="Metrics">
    <div class="search">
      <input ref=${input} type="search" placeholder="Find a metric" aria-label="Find a metric" value=${words}
        aria-controls="metric-list" autocomplete="off" spellcheck=${false}
        onInput=${(event: InputEvent) => {
          setWords((event.currentTarget as HTMLInputElement).value);
          setCursor(0);
        }} onKeyDown=${press} />
      <kbd aria-hidden="true">/</kbd>
    </div>
    <ul id="metric-list">
      ${found.map(
        (metric, index) => html`<li key=${metric.name}>
          <button class=${index === cursor && words !== "" ? "metric at-cursor" : "metric"}
            aria-current=${metric.name === selected ? "true" : undefined} title=${metric.description}
            onClick=${() => onSelect(metric.name)}>${metric.title}</button>
        </li>`,
      )}
    </ul>
    ${found.length === 0 ? html`<p class="hint">No metric goes by “${words}”.</p>` : null}
  </nav>`;
}

function matches({ name, title, aliases, description }: MetricInfo, words: string): boolean {
  const text = [name, title, ...aliases, description].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What is called so comes before what only has to do with it. */
function rank({ title }: MetricInfo, words: string): number {
  return title.toLowerCase().includes(words.toLowerCase()) ? 0 : 1;
}

function useSlashKey(go: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      go();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

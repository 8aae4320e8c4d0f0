import type { VNode } from "preact";
import type { CompletionItem } from "./completion.ts";
import { html } from "./html.ts";

interface CompletionListProps {
  readonly id: string;
  readonly items: readonly CompletionItem[];
  readonly chosen: number;
  readonly onChoose: (item: CompletionItem) => void;
}

/** What the typed text could become. The focus stays in the text box, which names the chosen one. */
export function CompletionList({ id, items, chosen, onChoose }: CompletionListProps): VNode {
  return html`<ul class="completion" id=${id} role="listbox" aria-label="Suggestions">
    ${items.map(
      (item, index) => html`<li
        key=${item.label}
        id="${id}-${index}"
        role="option"
        aria-selected=${index === chosen}
        onMouseDown=${(event: Event) => {
          event.preventDefault();
          onChoose(item);
        }}
      >
        <strong>${item.label}</strong><span>${item.detail}</span>
      </li>`,
    )}
  </ul>`;
}

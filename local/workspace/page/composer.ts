import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { commandOf } from "./completion.ts";
import { CompletionList } from "./completion-list.ts";
import { usePage } from "./context.ts";
import { html } from "./html.ts";
import { sign } from "./signs.ts";
import { type ComposerOptions, useComposer } from "./use-composer.ts";

export interface ComposerProps extends ComposerOptions {
  /** `Message #general`: name and placeholder of the text box. */
  readonly label: string;
}

export function Composer({ label, ...options }: ComposerProps): VNode {
  const listId = useId();
  const { box, text, completion, chosen, complete, send, onInput, onKeyDown } = useComposer(options);
  return html`<div class="composer">
    ${completion !== null && html`<${CompletionList} id=${listId} items=${completion.items} chosen=${chosen} onChoose=${complete} />`}
    <${UsageHint} text=${text} />
    <div class="composer-box">
      <textarea
        ref=${box}
        rows="1"
        aria-label=${label}
        placeholder=${label}
        value=${text}
        role="combobox"
        aria-expanded=${completion !== null}
        aria-controls=${listId}
        aria-autocomplete="list"
        aria-activedescendant=${completion === null ? undefined : `${listId}-${chosen}`}
        onInput=${onInput}
        onKeyDown=${onKeyDown}
      ></textarea>
      <button type="button" class="send" aria-label="Send" disabled=${text.trim() === ""} onClick=${send}>
        ${sign("send", 18)}
      </button>
    </div>
  </div>`;
}

function UsageHint({ text }: { text: string }): VNode | null {
  const { state } = usePage();
  const command = commandOf(text, state.workspace);
  if (command === undefined) return null;
  return html`<p class="usage-hint"><strong>${command.command}</strong> ${command.usageHint}</p>`;
}

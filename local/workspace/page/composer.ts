import type { VNode } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Completion, type CompletionItem, commandOf, completionAt } from "./completion.ts";
import { usePage } from "./context.ts";
import { html } from "./html.ts";
import { sign } from "./signs.ts";

export interface ComposerProps {
  /** `Message #general`: name and placeholder of the text box. */
  readonly label: string;
  /** What this person sent here before, newest last; the up arrow brings it back. */
  readonly sent: readonly string[];
  readonly onSend: (text: string) => void;
  /** Text to start with, such as a suggestion that was chosen. A new object sets it anew. */
  readonly draft?: { readonly text: string } | null;
}

export function Composer({ label, sent, onSend, draft }: ComposerProps): VNode {
  const { state } = usePage();
  const listId = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const [completion, setCompletion] = useState<Completion | null>(null);
  const [chosen, setChosen] = useState(0);
  const recalled = useRef(0);

  const write = (next: string, caret = next.length) => {
    setText(next);
    setCompletion(completionAt(next, caret, state.workspace));
    setChosen(0);
  };
  const placeCaret = (caret: number) => requestAnimationFrame(() => box.current?.setSelectionRange(caret, caret));
  useEffect(() => {
    if (!draft) return;
    write(draft.text);
    box.current?.focus();
    placeCaret(draft.text.length);
  }, [draft]);
  useLayoutEffect(() => fitHeight(box.current), [text]);
  useEffect(() => {
    // Not on a touch screen, where a focused text box brings up the keyboard.
    if (matchMedia("(hover: hover)").matches) box.current?.focus({ preventScroll: true });
  }, []);

  const complete = ({ insert }: CompletionItem) => {
    const from = completion?.from ?? 0;
    const rest = text.slice(box.current?.selectionStart ?? text.length).replace(/^\s/, "");
    write(text.slice(0, from) + insert + rest, from + insert.length);
    box.current?.focus();
    placeCaret(from + insert.length);
  };
  const send = () => {
    if (text.trim() === "") return;
    onSend(text.trim());
    recalled.current = 0;
    write("");
  };
  const recall = (step: number) => {
    recalled.current = Math.min(Math.max(recalled.current + step, 0), sent.length);
    setText(recalled.current === 0 ? "" : (sent.at(-recalled.current) ?? ""));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const isHandled =
      completion === null
        ? onPlainKey(event, text, { send, recall, isRecalling: recalled.current > 0 })
        : onCompletionKey(event, completion);
    if (isHandled) event.preventDefault();
  };
  const onCompletionKey = (event: KeyboardEvent, { items }: Completion): boolean => {
    const item = items[chosen];
    if (event.key === "ArrowDown") setChosen((chosen + 1) % items.length);
    else if (event.key === "ArrowUp") setChosen((chosen - 1 + items.length) % items.length);
    else if (event.key === "Escape") setCompletion(null);
    else if ((event.key === "Tab" || event.key === "Enter") && !event.shiftKey && item !== undefined) complete(item);
    else return false;
    return true;
  };
  const onInput = () => {
    recalled.current = 0;
    write(box.current?.value ?? "", box.current?.selectionStart ?? 0);
  };

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

interface PlainKeys {
  readonly send: () => void;
  readonly recall: (step: number) => void;
  readonly isRecalling: boolean;
}

function onPlainKey(event: KeyboardEvent, text: string, { send, recall, isRecalling }: PlainKeys): boolean {
  if (event.key === "Enter" && !event.shiftKey) send();
  else if (event.key === "ArrowUp" && (text === "" || isRecalling)) recall(1);
  else if (event.key === "ArrowDown" && isRecalling) recall(-1);
  else return false;
  return true;
}

interface CompletionListProps {
  readonly id: string;
  readonly items: readonly CompletionItem[];
  readonly chosen: number;
  readonly onChoose: (item: CompletionItem) => void;
}

function CompletionList({ id, items, chosen, onChoose }: CompletionListProps): VNode {
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

function UsageHint({ text }: { text: string }): VNode | null {
  const { state } = usePage();
  const command = commandOf(text, state.workspace);
  if (command === undefined) return null;
  return html`<p class="usage-hint"><strong>${command.command}</strong> ${command.usageHint}</p>`;
}

const MAX_HEIGHT_PX = 200;

function fitHeight(box: HTMLTextAreaElement | null): void {
  if (box === null) return;
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, MAX_HEIGHT_PX)}px`;
}

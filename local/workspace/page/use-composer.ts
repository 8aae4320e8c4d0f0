import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Completion, type CompletionItem, completionAt } from "./completion.ts";
import { usePage } from "./context.ts";

export interface ComposerOptions {
  /** What this person sent here before, newest last; the up arrow brings it back. */
  readonly sent: readonly string[];
  readonly onSend: (text: string) => void;
  /** Text to start with, such as a suggestion that was chosen. A new object sets it anew. */
  readonly draft?: { readonly text: string } | null;
}

const MAX_HEIGHT_PX = 200;

/** The text being written: its box, what it could become, and what the keys do. */
export function useComposer({ sent, onSend, draft }: ComposerOptions) {
  const { box, placeCaret } = useTextBox();
  const { text, setText, write, completion, moveChoice, chosen, closeCompletion } = useCompletedText();
  const recalled = useRef(0);
  useLayoutEffect(() => fitHeight(box.current), [text]);
  useEffect(() => {
    if (!draft) return;
    write(draft.text);
    placeCaret(draft.text.length);
  }, [draft]);

  const complete = ({ insert }: CompletionItem) => {
    const from = completion?.from ?? 0;
    const rest = text.slice(box.current?.selectionStart ?? text.length).replace(/^\s/, "");
    write(text.slice(0, from) + insert + rest, from + insert.length);
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
  const onPlainKey = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const isRecalling = recalled.current > 0;
    if (key === "Enter" && !shiftKey) send();
    else if (key === "ArrowUp" && (text === "" || isRecalling)) recall(1);
    else if (key === "ArrowDown" && isRecalling) recall(-1);
    else return false;
    return true;
  };
  const onCompletionKey = ({ key, shiftKey }: KeyboardEvent, { items }: Completion): boolean => {
    const item = items[chosen];
    if (key === "ArrowDown") moveChoice(1);
    else if (key === "ArrowUp") moveChoice(-1);
    else if (key === "Escape") closeCompletion();
    else if ((key === "Tab" || key === "Enter") && !shiftKey && item !== undefined) complete(item);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const isHandled = completion === null ? onPlainKey(event) : onCompletionKey(event, completion);
    if (isHandled) event.preventDefault();
  };
  const onInput = () => {
    recalled.current = 0;
    write(box.current?.value ?? "", box.current?.selectionStart ?? 0);
  };
  return { box, text, completion, chosen, complete, send, onInput, onKeyDown };
}

/** The text with what it could become at the caret. */
function useCompletedText() {
  const { state } = usePage();
  const [text, setText] = useState("");
  const [completion, setCompletion] = useState<Completion | null>(null);
  const [chosen, setChosen] = useState(0);
  const write = (next: string, caret = next.length) => {
    setText(next);
    setCompletion(completionAt(next, caret, state.workspace));
    setChosen(0);
  };
  const moveChoice = (step: number) => {
    const count = completion?.items.length ?? 1;
    setChosen((chosen + step + count) % count);
  };
  return { text, setText, write, completion, chosen, moveChoice, closeCompletion: () => setCompletion(null) };
}

function useTextBox() {
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // Not on a touch screen, where a focused text box brings up the keyboard.
    if (matchMedia("(hover: hover)").matches) box.current?.focus({ preventScroll: true });
  }, []);
  const placeCaret = (caret: number) => {
    box.current?.focus();
    requestAnimationFrame(() => box.current?.setSelectionRange(caret, caret));
  };
  return { box, placeCaret };
}

function fitHeight(box: HTMLTextAreaElement | null): void {
  if (box === null) return;
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, MAX_HEIGHT_PX)}px`;
}

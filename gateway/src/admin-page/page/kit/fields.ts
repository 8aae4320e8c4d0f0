import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import { html } from "../html.ts";

interface Labelled {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  /** What is wrong with it. */
  readonly error?: string | undefined;
  /** Gets the focus when its dialog opens. */
  readonly isFirst?: boolean;
}

/** Further attributes go to the control itself. */
type TextProps = Labelled & {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly [attribute: string]: unknown;
};

/** One line of text with its label. */
export function Field(props: TextProps): VNode {
  return html`<${Text} control="input" type="text" ...${props} />`;
}

export function TextArea(props: TextProps): VNode {
  return html`<${Text} control="textarea" ...${props} />`;
}

function Text({
  control,
  label,
  hint,
  error,
  isFirst,
  onInput,
  ...rest
}: TextProps & { readonly control: string }): VNode {
  const id = useId();
  const input = html`<${control} id=${id} spellcheck=${false} ...${rest} ...${described(id, hint, error)} data-first=${isFirst ? "" : undefined}
    onInput=${(event: Event) => onInput((event.target as HTMLInputElement | HTMLTextAreaElement).value)} />`;
  return frame({ id, label, hint, error }, input);
}

export type Choice = readonly [value: string, words: string];

export function Select({
  label,
  hint,
  error,
  isFirst,
  value,
  choices,
  onInput,
  ...rest
}: Labelled & {
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onInput: (value: string) => void;
  readonly [attribute: string]: unknown;
}): VNode {
  const id = useId();
  const options = choices.map(([one, words]) => html`<option value=${one} selected=${one === value}>${words}</option>`);
  const input = html`<select id=${id} ...${rest} ...${described(id, hint, error)} data-first=${isFirst ? "" : undefined}
    onChange=${(event: Event) => onInput((event.target as HTMLSelectElement).value)}>${options}</select>`;
  return frame({ id, label, hint, error }, input);
}

export function Check({
  label,
  hint,
  value,
  onInput,
}: Labelled & {
  readonly value: boolean;
  readonly onInput: (value: boolean) => void;
}): VNode {
  const id = useId();
  return html`<div class="check">
    <input id=${id} type="checkbox" checked=${value} ...${described(id, hint, undefined)}
      onChange=${(event: Event) => onInput((event.target as HTMLInputElement).checked)} />
    <label for=${id}>${label}</label>
    ${hint !== undefined && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
  </div>`;
}

function described(id: string, hint: ComponentChildren, error: string | undefined) {
  const ids = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(" ");
  return { ...(ids !== "" && { "aria-describedby": ids }), ...(error !== undefined && { "aria-invalid": "true" }) };
}

function frame(
  {
    id,
    label,
    hint,
    error,
  }: { id: string; label: ComponentChildren; hint: ComponentChildren; error: string | undefined },
  input: VNode,
): VNode {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${input}
    ${error !== undefined && html`<p class="field-error" id=${`${id}-error`}>${error}</p>`}
    ${hint !== undefined && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
  </div>`;
}

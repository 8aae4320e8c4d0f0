import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { html } from "../html.ts";

export interface RadioChoice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** A few choices that are better read side by side than unfolded. */
export function RadioCards(props: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly RadioChoice[];
  readonly onInput: (value: string) => void;
}): VNode {
  const name = useId();
  const cards = props.choices.map(
    ({ value, label, hint }) => html`<label class="radio-card" key=${value}>
      <input type="radio" name=${name} value=${value} checked=${value === props.value} onChange=${() => props.onInput(value)}
        data-first=${value === props.value ? "" : undefined} />
      <span>${label}${hint !== undefined && html`<small>${hint}</small>`}</span>
    </label>`,
  );
  return html`<fieldset class="radio-cards"><legend>${props.label}</legend><div>${cards}</div></fieldset>`;
}

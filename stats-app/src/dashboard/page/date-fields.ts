import type { VNode } from "preact";
import { useId, useLayoutEffect, useState } from "preact/hooks";
import { isDate } from "./dates.ts";
import { html } from "./html.ts";

/** Dates with the last day included. */
export interface Dates {
  readonly first: string;
  readonly last: string;
}

interface DateFieldsProps extends Dates {
  readonly onChange: (dates: Dates) => void;
}

/** First and last day. What is typed stays as typed, and counts as soon as it is a range. */
export function DateFields({ first, last, onChange }: DateFieldsProps): VNode {
  const [typed, setTyped] = useState<Dates>({ first, last });
  const problemId = useId();
  // Before the next key can be pressed: an effect after the paint would put an older date over what was typed since.
  useLayoutEffect(() => setTyped({ first, last }), [first, last]);
  const isComplete = isDate(typed.first) && isDate(typed.last);
  const isReversed = isComplete && typed.first > typed.last;
  const change = (part: Partial<Dates>) => {
    const next = { ...typed, ...part };
    setTyped(next);
    if (isDate(next.first) && isDate(next.last) && next.first <= next.last) onChange(next);
  };
  const field = (label: string, key: keyof Dates) => html`<label class="field"><span>${label}</span>
    <input type="date" value=${typed[key]} required aria-invalid=${isReversed} aria-describedby=${isReversed ? problemId : undefined}
      onChange=${(event: Event) => change({ [key]: (event.currentTarget as HTMLInputElement).value })} /></label>`;
  return html`${field("From", "first")}${field("To", "last")}
    ${isReversed && html`<p class="field-problem" id=${problemId} role="alert">“From” is after “To”: the numbers below are still those of the dates before.</p>`}`;
}

import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { html } from "../html.ts";
import { JsonEditor, readJson, toJson } from "./json-editor.ts";

/**
 * One value, edited in a form or as JSON; both show the same. What does not parse stays in the text until it does, and holds the
 * form back.
 */
export function FormOrJson<T extends object>(props: {
  readonly value: T;
  readonly onInput: (value: T) => void;
  readonly onBroken: (isBroken: boolean) => void;
  readonly children?: ComponentChildren;
}): VNode {
  const { value, onInput, onBroken, children } = props;
  const [text, setText] = useState<string>();
  const isJson = text !== undefined;
  const isBroken = isJson && "error" in readJson(text);
  const type = (next: string) => {
    setText(next);
    const read = readJson(next);
    onBroken("error" in read);
    if ("value" in read) onInput(read.value as T);
  };
  return html`<div class="tabs" role="group" aria-label="Edit as">
      <button type="button" aria-pressed=${!isJson} disabled=${isBroken} onClick=${() => setText(undefined)}>Form</button>
      <button type="button" aria-pressed=${isJson} onClick=${() => isJson || setText(toJson(value))}>JSON</button>
    </div>
    ${isJson ? html`<${JsonEditor} label="All fields, with the API’s names" text=${text} onInput=${type} />` : children}`;
}

import type { VNode } from "preact";
import { html } from "../html.ts";
import { TextArea } from "./fields.ts";

/** What a person typed as JSON: the value, or where it stops making sense. */
export type JsonText = { readonly value: object } | { readonly error: string };

export function readJson(text: string): JsonText {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? { value } : { error: "This must be an object: { … }" };
  } catch (error) {
    return { error: `This is not JSON yet: ${(error as Error).message}` };
  }
}

export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** The whole of a thing with the API's field names, for what has no form. */
export function JsonEditor(props: {
  text: string;
  label: string;
  hint?: string;
  onInput: (text: string) => void;
}): VNode {
  const read = readJson(props.text);
  return html`<${TextArea} label=${props.label} hint=${props.hint} rows="18" value=${props.text} onInput=${props.onInput} isFirst
    error=${"error" in read ? read.error : undefined} />`;
}

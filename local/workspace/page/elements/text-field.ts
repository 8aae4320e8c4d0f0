import type { VNode } from "preact";
import type { TextObject } from "../blocks/text-object.ts";
import { html } from "../html.ts";
import { type Element, useHost } from "./host.ts";

const INPUT_TYPES: Readonly<Record<string, string>> = {
  datepicker: "date",
  timepicker: "time",
  number_input: "number",
  email_text_input: "email",
  url_text_input: "url",
};

/** Everything that is typed: texts, numbers, addresses, dates and times. */
export function TextField({
  blockId,
  element,
  isInput,
}: {
  blockId: string;
  element: Element;
  isInput: boolean;
}): VNode {
  const host = useHost();
  const actionId = String(element.action_id);
  const set = (event: Event) => {
    const { value } = event.currentTarget as HTMLInputElement;
    host.set(blockId, actionId, [value]);
    const isPicker = element.type === "datepicker" || element.type === "timepicker";
    if (!isInput && isPicker && value !== "") host.use(blockId, actionId, [value]);
  };
  const shared = {
    class: "field",
    value: host.values[blockId]?.[actionId]?.[0] ?? "",
    placeholder: (element["placeholder"] as TextObject | undefined)?.text ?? "",
    autofocus: element["focus_on_load"] === true,
    "aria-invalid": host.errors[blockId] !== undefined,
    onInput: set,
  };
  if (element["multiline"] === true) return html`<textarea rows="4" ...${shared}></textarea>`;
  const step = element["is_decimal_allowed"] === true ? "any" : undefined;
  return html`<input type=${INPUT_TYPES[element.type] ?? "text"} step=${step} ...${shared} />`;
}

import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { PlainOrMrkdwn, type TextObject } from "../blocks/text-object.ts";
import { html } from "../html.ts";
import { type Element, useHost } from "./host.ts";

interface Option {
  readonly text: TextObject;
  readonly value: string;
  readonly description?: TextObject;
}

/** Radio buttons, checkboxes, and the select of several: options that are all in view. */
export function Choices({ blockId, element, isInput }: { blockId: string; element: Element; isInput: boolean }): VNode {
  const host = useHost();
  const name = useId();
  const actionId = String(element.action_id);
  const chosen = host.values[blockId]?.[actionId] ?? [];
  const isSingle = element.type === "radio_buttons";
  const change = (value: string, isOn: boolean) => {
    const rest = isSingle ? [] : chosen.filter((one) => one !== value);
    const values = isOn ? [...rest, value] : rest;
    host.set(blockId, actionId, values);
    if (!isInput) host.use(blockId, actionId, values);
  };
  return html`<div class="choices" role=${isSingle ? "radiogroup" : "group"}>
    ${optionsOf(element).map(
      ({ value, text, description }) => html`<label class="choice" key=${value}>
        <input
          type=${isSingle ? "radio" : "checkbox"}
          name=${name}
          checked=${chosen.includes(value)}
          onChange=${(event: Event) => change(value, (event.currentTarget as HTMLInputElement).checked)}
        />
        <span><${PlainOrMrkdwn} text=${text} />${description && html`<small><${PlainOrMrkdwn} text=${description} /></small>`}</span>
      </label>`,
    )}
  </div>`;
}

function optionsOf(element: Element): readonly Option[] {
  const groups = (element["option_groups"] ?? []) as { options: readonly Option[] }[];
  return [...((element["options"] ?? []) as Option[]), ...groups.flatMap(({ options }) => options)];
}

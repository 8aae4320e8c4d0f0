import type { VNode } from "preact";
import { plain, type TextObject } from "../blocks/text-object.ts";
import { type Page, usePage } from "../context.ts";
import { html } from "../html.ts";
import { useConfirm } from "./confirm.ts";
import { type Element, useHost } from "./host.ts";

interface Option {
  readonly text: TextObject;
  readonly value: string;
}
interface Group {
  readonly label: TextObject;
  readonly options: readonly Option[];
}

/** All selects of one choice: from the app's options, or from the workspace's channels and people. */
export function Select({ blockId, element, isInput }: { blockId: string; element: Element; isInput: boolean }): VNode {
  const host = useHost();
  const page = usePage();
  const actionId = String(element.action_id);
  const value = host.values[blockId]?.[actionId]?.[0] ?? "";
  const { request, dialog } = useConfirm(element["confirm"], (values) => {
    host.set(blockId, actionId, values);
    host.use(blockId, actionId, values);
  });
  const choose = (chosen: string) =>
    isInput ? host.set(blockId, actionId, chosen === "" ? [] : [chosen]) : request([chosen]);
  const placeholder = (element["placeholder"] as TextObject | undefined)?.text ?? "Choose…";
  return html`<span class="element">
    <select
      class="select"
      aria-label=${isInput ? undefined : placeholder}
      value=${value}
      disabled=${host.isBusy}
      onChange=${(event: Event) => choose((event.currentTarget as HTMLSelectElement).value)}
    >
      <option value="" disabled=${!isInput} hidden=${!isInput}>${placeholder}</option>
      ${groupsOf(element, page).map(viewGroup)}
    </select>
    ${dialog}
  </span>`;
}

function viewGroup({ label, options }: Group): VNode | VNode[] {
  const views = options.map(({ value, text }) => html`<option key=${value} value=${value}>${plain(text)}</option>`);
  return label.text === "" ? views : html`<optgroup label=${plain(label)}>${views}</optgroup>`;
}

function groupsOf(element: Element, { state }: Page): readonly Group[] {
  const { channels, people } = state.workspace;
  const label = { type: "plain_text", text: "" } as const;
  const option = (value: string, text: string): Option => ({ value, text: { type: "plain_text", text } });
  switch (element.type) {
    case "users_select":
      return [{ label, options: people.map(({ id, realName }) => option(id, realName)) }];
    case "channels_select":
    case "conversations_select": {
      const isOffered =
        element.type === "conversations_select" ? () => true : ({ kind }: { kind: string }) => kind === "channel";
      const offered = channels.filter(isOffered);
      return [
        {
          label,
          options: offered.map(({ id, name, kind }) => option(id, kind === "im" ? `${name} (direct)` : `#${name}`)),
        },
      ];
    }
    default: {
      const options = element["options"] as readonly Option[] | undefined;
      return options === undefined ? ((element["option_groups"] ?? []) as readonly Group[]) : [{ label, options }];
    }
  }
}

import type { FeedbackButtons, IconButton as SlackIconButton } from "@slack/types";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { html } from "../html.ts";
import { sign } from "../signs.ts";
import { useConfirm } from "./confirm.ts";
import { useHost } from "./host.ts";

export function Feedback({ blockId, element }: { blockId: string; element: FeedbackButtons }): VNode {
  const host = useHost();
  const [chosen, setChosen] = useState<string | null>(null);
  const button = (name: "thumb-up" | "thumb-down", { text, value }: { text: { text: string }; value: string }) => {
    const choose = () => {
      setChosen(value);
      host.use(blockId, String(element.action_id), [value]);
    };
    return html`<button
      type="button"
      class="sign-button"
      title=${text.text}
      aria-label=${text.text}
      aria-pressed=${chosen === value}
      onClick=${choose}
    >
      ${sign(name)}
    </button>`;
  };
  return html`<span class="element">${button("thumb-up", element.positive_button)}${button("thumb-down", element.negative_button)}</span>`;
}

export function IconButton({ blockId, element }: { blockId: string; element: SlackIconButton }): VNode {
  const host = useHost();
  const { request, dialog } = useConfirm(element.confirm, () => host.use(blockId, String(element.action_id), []));
  return html`<span class="element">
    <button type="button" class="sign-button" title=${element.text.text} aria-label=${element.text.text} onClick=${() => request()}>${sign("trash")}</button>
    ${dialog}
  </span>`;
}

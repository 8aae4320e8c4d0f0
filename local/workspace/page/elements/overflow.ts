import type { Overflow as SlackOverflow } from "@slack/types";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { plain } from "../blocks/text-object.ts";
import { html } from "../html.ts";
import { useMenu, walkMenu } from "../use-menu.ts";
import { useConfirm } from "./confirm.ts";
import { useHost } from "./host.ts";

/** The menu behind three dots. */
export function Overflow({ blockId, element }: { blockId: string; element: SlackOverflow }): VNode {
  const host = useHost();
  const { isOpen, frame, toggle, close } = useMenu();
  const { request, dialog } = useConfirm(element.confirm, (values) =>
    host.use(blockId, String(element.action_id), values),
  );
  useEffect(() => {
    if (isOpen) frame.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [isOpen]);
  const choose = (value: string) => {
    close();
    request([value]);
  };
  const items = element.options.map(
    (
      option,
    ) => html`<button type="button" role="menuitem" key=${option.value} onClick=${() => choose(option.value ?? "")}>
      ${plain(option.text)}
    </button>`,
  );
  return html`<span class="element overflow" ref=${frame}>
    <button
      type="button"
      class="button icon-button"
      aria-label="More actions"
      aria-haspopup="menu"
      aria-expanded=${isOpen}
      onClick=${toggle}
    >
      ⋯
    </button>
    ${isOpen && html`<div class="menu" role="menu" onKeyDown=${walkMenu}>${items}</div>`}
    ${dialog}
  </span>`;
}

import type { Overflow as SlackOverflow } from "@slack/types";
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { plain } from "../blocks/text-object.ts";
import { html } from "../html.ts";
import { useConfirm } from "./confirm.ts";
import { useHost } from "./host.ts";

/** The menu behind three dots. Arrow keys move, Escape closes. */
export function Overflow({ blockId, element }: { blockId: string; element: SlackOverflow }): VNode {
  const host = useHost();
  const [isOpen, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const { request, dialog } = useConfirm(element.confirm, (values) =>
    host.use(blockId, String(element.action_id), values),
  );
  useEffect(() => menu.current?.querySelector("button")?.focus(), [isOpen]);
  const choose = (value: string) => {
    setOpen(false);
    request([value]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") setOpen(false);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") moveFocus(event, menu.current);
  };
  const onBlur = (event: FocusEvent) => {
    if (!(event.relatedTarget instanceof Node) || !menu.current?.contains(event.relatedTarget)) setOpen(false);
  };
  return html`<span class="element overflow">
    <button
      type="button"
      class="button icon-button"
      aria-label="More actions"
      aria-haspopup="menu"
      aria-expanded=${isOpen}
      onClick=${() => setOpen(!isOpen)}
    >
      ⋯
    </button>
    ${
      isOpen &&
      html`<div class="menu" role="menu" ref=${menu} onKeyDown=${onKeyDown} onFocusOut=${onBlur}>
      ${element.options.map(
        (
          option,
        ) => html`<button type="button" role="menuitem" key=${option.value} onClick=${() => choose(option.value ?? "")}>
          ${plain(option.text)}
        </button>`,
      )}
    </div>`
    }
    ${dialog}
  </span>`;
}

function moveFocus(event: KeyboardEvent, menu: HTMLElement | null): void {
  event.preventDefault();
  const items = [...(menu?.querySelectorAll("button") ?? [])];
  const index = items.indexOf(document.activeElement as HTMLButtonElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(index + step + items.length) % items.length]?.focus();
}

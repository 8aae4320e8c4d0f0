import type { VNode } from "preact";
import { html } from "./html.ts";
import { type Author, hueOf, initialsOf } from "./names.ts";
import { sign } from "./signs.ts";

/** A person's initials on their colour, or the bot's or the workspace's own sign. */
export function Avatar({ author, size = "medium" }: { author: Author; size?: "small" | "medium" }): VNode {
  const { kind, id, name } = author;
  if (kind === "bot")
    return html`<span class="avatar avatar-bot ${size}" aria-hidden="true">${sign("bars", 20)}</span>`;
  if (kind === "workspace")
    return html`<span class="avatar avatar-workspace ${size}" aria-hidden="true">${sign("gate", 20)}</span>`;
  return html`<span class="avatar ${size}" style=${{ "--hue": hueOf(id) }} aria-hidden="true">${initialsOf(name)}</span>`;
}

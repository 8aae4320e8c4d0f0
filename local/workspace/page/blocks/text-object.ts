import type { VNode } from "preact";
import { html } from "../html.ts";
import { emojiOf } from "../text/emoji.ts";
import { Mrkdwn } from "../text/text-view.ts";

export interface TextObject {
  readonly type: "plain_text" | "mrkdwn";
  readonly text: string;
}

/** A text object of either kind. */
export function PlainOrMrkdwn({ text }: { text: TextObject }): VNode {
  return text.type === "mrkdwn" ? html`<${Mrkdwn} text=${text.text} />` : html`<span>${plain(text)}</span>`;
}

/** Plain text with its emoji shortcodes drawn. */
export function plain({ text }: { readonly text: string }): string {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => emojiOf(name) ?? whole);
}

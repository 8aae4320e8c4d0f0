import type { RichTextBlock, RichTextBlockElement, RichTextElement } from "@slack/types";
import type { ComponentChild, VNode } from "preact";
import { html } from "../html.ts";
import { isSafeUrl } from "../text/inline.ts";
import { ChannelMention, UserMention, viewEmoji } from "../text/text-view.ts";

export function RichText({ block }: { block: RichTextBlock }): VNode {
  return html`<div class="prose">${block.elements.map(viewElement)}</div>`;
}

function viewElement(element: RichTextBlockElement): VNode {
  switch (element.type) {
    case "rich_text_section":
      return html`<p>${viewParts(element.elements)}</p>`;
    case "rich_text_quote":
      return html`<blockquote><p>${viewParts(element.elements)}</p></blockquote>`;
    case "rich_text_preformatted":
      return html`<pre>${viewParts(element.elements)}</pre>`;
    case "rich_text_list": {
      const items = element.elements.map((item) => html`<li>${viewParts(item.elements as RichTextElement[])}</li>`);
      return html`<${element.style === "ordered" ? "ol" : "ul"} class="indent-${element.indent ?? 0}">${items}<//>`;
    }
  }
}

function viewParts(parts: readonly RichTextElement[]): ComponentChild[] {
  return parts.map((part) => styled(viewPart(part), "style" in part ? (part.style as Style) : undefined));
}

function viewPart(part: RichTextElement): ComponentChild {
  switch (part.type) {
    case "text":
      return part.text;
    case "link":
      if (!isSafeUrl(part.url)) return part.text ?? part.url;
      return html`<a href=${part.url} target="_blank" rel="noopener noreferrer">${part.text ?? part.url}</a>`;
    case "emoji":
      return viewEmoji(part.name);
    case "user":
      return html`<${UserMention} id=${part.user_id} />`;
    case "channel":
      return html`<${ChannelMention} id=${part.channel_id} />`;
    case "broadcast":
      return html`<span class="mention">@${part.range}</span>`;
    case "date":
      return part.fallback ?? new Date(part.timestamp * 1000).toLocaleString();
    default:
      return null;
  }
}

interface Style {
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly strike?: boolean;
  readonly code?: boolean;
}

function styled(child: ComponentChild, style: Style = {}): ComponentChild {
  const code = style.code === true ? html`<code>${child}</code>` : child;
  const strike = style.strike === true ? html`<s>${code}</s>` : code;
  const italic = style.italic === true ? html`<em>${strike}</em>` : strike;
  return style.bold === true ? html`<strong>${italic}</strong>` : italic;
}

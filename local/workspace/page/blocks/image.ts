import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { html } from "../html.ts";
import { plain, type TextObject } from "./text-object.ts";

export interface SlackImage {
  readonly alt_text: string;
  readonly image_url?: string;
  readonly slack_file?: { readonly id?: string; readonly url?: string };
  readonly title?: TextObject;
}

/** An image inside a section or context. */
export function Image({ element }: { element: SlackImage }): VNode {
  return html`<${Picture} image=${element} className="small-image" />`;
}

export function ImageBlock({ block }: { block: SlackImage }): VNode {
  return html`<figure class="image-block">
    ${block.title && html`<figcaption>${plain(block.title)}</figcaption>`}
    <${Picture} image=${block} className="large-image" />
  </figure>`;
}

/** Pictures come from this workspace only; another server would learn who reads, so there its words stand in. */
function Picture({ image, className }: { image: SlackImage; className: string }): VNode {
  const [isBroken, setBroken] = useState(false);
  const source = sourceOf(image);
  if (source === undefined || isBroken)
    return html`<span class="missing-image" role="img" aria-label=${image.alt_text}>${image.alt_text}</span>`;
  return html`<img class=${className} src=${source} alt=${image.alt_text} onError=${() => setBroken(true)} />`;
}

function sourceOf({ image_url: url, slack_file: file }: SlackImage): string | undefined {
  if (file?.id !== undefined) return `/workspace/files/${encodeURIComponent(file.id)}`;
  const address = url ?? file?.url ?? "";
  return address.startsWith(`${location.origin}/`) ? address : undefined;
}

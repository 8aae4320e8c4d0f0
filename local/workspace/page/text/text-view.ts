import type { ComponentChild, VNode } from "preact";
import { usePage } from "../context.ts";
import { html } from "../html.ts";
import { mentionOf } from "../names.ts";
import { emojiOf } from "./emoji.ts";
import type { Inline, TextBlock } from "./inline.ts";
import { parseMarkdown } from "./markdown.ts";
import { parseMrkdwn } from "./mrkdwn.ts";

export function Mrkdwn({ text }: { text: string }): VNode {
  return html`<div class="prose">${parseMrkdwn(text).map(viewBlock)}</div>`;
}

export function Markdown({ text }: { text: string }): VNode {
  return html`<div class="prose">${parseMarkdown(text).map(viewBlock)}</div>`;
}

function viewBlock(block: TextBlock): VNode {
  switch (block.kind) {
    case "paragraph":
      return html`<p>${viewInlines(block.children)}</p>`;
    case "heading":
      return html`<p class="prose-heading level-${block.level}" role="heading" aria-level=${block.level + 2}>
        ${viewInlines(block.children)}
      </p>`;
    case "quote":
      return html`<blockquote>${block.children.map(viewBlock)}</blockquote>`;
    case "list":
      return html`<${block.isOrdered ? "ol" : "ul"}>${block.items.map((item) => html`<li>${viewInlines(item)}</li>`)}<//>`;
    case "pre":
      return html`<pre>${block.text}</pre>`;
    case "rule":
      return html`<hr />`;
    case "table":
      return html`<div class="table-frame">
        <table>
          <thead>
            <tr>
              ${block.header.map((cell) => html`<th scope="col">${viewInlines(cell)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${block.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${viewInlines(cell)}</td>`)}</tr>`)}
          </tbody>
        </table>
      </div>`;
  }
}

function viewInlines(nodes: readonly Inline[]): ComponentChild[] {
  return nodes.map(viewInline);
}

function viewInline(node: Inline): ComponentChild {
  if (typeof node === "string") return node;
  switch (node.kind) {
    case "bold":
      return html`<strong>${viewInlines(node.children)}</strong>`;
    case "italic":
      return html`<em>${viewInlines(node.children)}</em>`;
    case "strike":
      return html`<s>${viewInlines(node.children)}</s>`;
    case "code":
      return html`<code>${node.text}</code>`;
    case "link":
      return html`<a href=${node.url} target="_blank" rel="noopener noreferrer">${viewInlines(node.children)}</a>`;
    case "user":
      return html`<${UserMention} id=${node.id} />`;
    case "channel":
      return html`<${ChannelMention} id=${node.id} />`;
    case "broadcast":
      return html`<span class="mention">@${node.name}</span>`;
    case "emoji":
      return viewEmoji(node.name);
    case "break":
      return html`<br />`;
  }
}

export function viewEmoji(name: string): ComponentChild {
  const character = emojiOf(name);
  if (character === undefined) return `:${name}:`;
  return html`<span class="emoji" role="img" aria-label=${name.replaceAll("_", " ")}>${character}</span>`;
}

export function UserMention({ id }: { id: string }): VNode {
  const { state } = usePage();
  const isMe = id === state.workspace.me.id;
  return html`<span class="mention ${isMe ? "mention-me" : ""}">${mentionOf(id, state.workspace)}</span>`;
}

export function ChannelMention({ id }: { id: string }): VNode {
  const { state, goTo } = usePage();
  const channel = state.workspace.channels.find((one) => one.id === id);
  if (channel === undefined) return html`<span class="mention">#${id}</span>`;
  return html`<button type="button" class="mention" onClick=${() => goTo({ kind: "channel", id })}>#${channel.name}</button>`;
}

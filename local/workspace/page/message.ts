import type { VNode } from "preact";
import type { Message, SharedFile } from "../model.ts";
import { Avatar } from "./avatar.ts";
import { BlockHost } from "./block-host.ts";
import { usePage } from "./context.ts";
import { html } from "./html.ts";
import { authorOf } from "./names.ts";
import { sign } from "./signs.ts";
import { emojiOf, QUICK_REACTIONS } from "./text/emoji.ts";
import { Mrkdwn } from "./text/text-view.ts";
import { clockOf, fullTimeOf } from "./times.ts";

export interface MessageProps {
  readonly message: Message;
  /** Follows a message of the same author closely: shown without name and picture. */
  readonly isFollowing: boolean;
  readonly isInThread: boolean;
}

export function MessageView({ message, isFollowing, isInThread }: MessageProps): VNode {
  const { state } = usePage();
  const author = authorOf(message.author, state.workspace);
  const isPrivate = message.onlyFor !== undefined;
  const time = html`<time dateTime=${new Date(Number(message.ts) * 1000).toISOString()} title=${fullTimeOf(message.ts)}>${clockOf(message.ts)}</time>`;
  return html`<article
    class="message ${isFollowing ? "following" : ""} ${isPrivate ? "private" : ""}"
    data-testid="message"
    data-ts=${message.ts}
    aria-label="${author.name}, ${clockOf(message.ts)}"
  >
    <div class="message-side">${isFollowing ? time : html`<${Avatar} author=${author} />`}</div>
    <div class="message-main">
      ${isPrivate && html`<p class="private-note">${sign("eye", 13)} Only visible to you</p>`}
      ${
        !isFollowing &&
        html`<header class="message-head">
        <strong>${author.name}</strong>${author.kind === "bot" && html`<span class="badge">App</span>`} ${time}
      </header>`
      }
      <${Content} message=${message} />
      <${Reactions} message=${message} />
      ${!isInThread && message.thread && html`<${ThreadLink} message=${message} />`}
    </div>
    ${!isPrivate && html`<${Toolbar} message=${message} isInThread=${isInThread} />`}
  </article>`;
}

function Content({ message }: { message: Message }): VNode {
  const { channel, ts, text, blocks, files = [], editedTs, threadTs } = message;
  const { openThread } = usePage();
  const hasBlocks = blocks !== undefined && blocks.length > 0;
  return html`<div class="message-body">
    ${
      message.isBroadcast === true &&
      html`<button type="button" class="link-button" onClick=${() => openThread({ channel, ts: threadTs ?? ts })}>replied to a thread</button>`
    }
    ${hasBlocks ? html`<${BlockHost} key=${editedTs} blocks=${blocks} where=${{ channel, ts }} />` : text !== "" && html`<${Mrkdwn} text=${text} />`}
    ${editedTs !== undefined && !hasBlocks && html`<span class="edited">(edited)</span>`}
    ${files.map((file) => html`<${FileCard} key=${file.id} file=${file} />`)}
  </div>`;
}

function FileCard({ file }: { file: SharedFile }): VNode {
  const address = `/workspace/files/${file.id}`;
  if (file.mimeType.startsWith("image/")) {
    return html`<figure class="image-block"><figcaption>${file.title}</figcaption><img class="large-image" src=${address} alt=${file.title} /></figure>`;
  }
  const kilobytes = Math.max(1, Math.round(file.bytes / 1024));
  return html`<a class="file-card" href=${address} download=${file.name}>
    <span class="file-sign" aria-hidden="true">${(file.name.split(".").at(-1) ?? "").slice(0, 4).toUpperCase()}</span>
    <span><strong>${file.title}</strong><small>${file.name} · ${kilobytes} KB</small></span>
  </a>`;
}

function Reactions({ message }: { message: Message }): VNode | null {
  const { state, api } = usePage();
  const me = state.workspace.me.id;
  if (message.reactions === undefined || message.reactions.length === 0) return null;
  return html`<div class="reactions">
    ${message.reactions.map(({ name, users }) => {
      const isMine = users.includes(me);
      return html`<button
        type="button"
        key=${name}
        class="reaction"
        aria-pressed=${isMine}
        aria-label="${name}, ${users.length}"
        onClick=${() => api.react(message, name, !isMine)}
      >
        ${emojiOf(name) ?? `:${name}:`} <span>${users.length}</span>
      </button>`;
    })}
  </div>`;
}

function ThreadLink({ message }: { message: Message }): VNode {
  const { state, openThread } = usePage();
  const { replies = 0, latestTs = message.ts, authors = [] } = message.thread ?? {};
  return html`<button
    type="button"
    class="thread-link"
    onClick=${() => openThread({ channel: message.channel, ts: message.ts })}
  >
    ${authors.slice(0, 4).map((id) => html`<${Avatar} key=${id} author=${authorOf(id, state.workspace)} size="small" />`)}
    <span class="thread-count">${replies} ${replies === 1 ? "reply" : "replies"}</span>
    <span class="thread-time">Last reply ${clockOf(latestTs)}</span>
    <span class="thread-open">View thread</span>
  </button>`;
}

function Toolbar({ message, isInThread }: { message: Message; isInThread: boolean }): VNode {
  const { api, openThread } = usePage();
  const { channel, ts, threadTs } = message;
  return html`<div class="toolbar" role="toolbar" aria-label="Message actions">
    ${QUICK_REACTIONS.map(
      (
        name,
      ) => html`<button type="button" key=${name} aria-label="React with ${name}" onClick=${() => api.react(message, name, true)}>
        ${emojiOf(name)}
      </button>`,
    )}
    ${
      !isInThread &&
      html`<button type="button" aria-label="Reply in thread" title="Reply in thread" onClick=${() => openThread({ channel, ts: threadTs ?? ts })}>
      ${sign("thread")}
    </button>`
    }
  </div>`;
}

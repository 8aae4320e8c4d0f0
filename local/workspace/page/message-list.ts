import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Message } from "../model.ts";
import { html } from "./html.ts";
import { MessageView } from "./message.ts";
import { dayOf, msOf } from "./times.ts";

const FOLLOWING_MS = 5 * 60_000;
/** So near to the end counts as being there. */
const NEAR_END_PX = 120;

export interface MessageListProps {
  readonly label: string;
  readonly messages: readonly Message[];
  readonly isThread: boolean;
  /** The newest message that was read, when the channel was opened with unread ones: a line is drawn after it. */
  readonly readTs?: string;
  readonly me: string;
  readonly onReachStart?: () => void;
  readonly before?: VNode | null;
}

/** Messages oldest first, with a divider for each day; stays at the end while the reader is there. */
export function MessageList(props: MessageListProps): VNode {
  const { label, messages, onReachStart, before = null } = props;
  const list = useRef<HTMLDivElement>(null);
  useStayAtEnd(list);
  const onScroll = () => {
    if (list.current !== null && list.current.scrollTop < 40) onReachStart?.();
  };
  return html`<div class="message-list" role="log" aria-label=${label} tabindex="0" ref=${list} onScroll=${onScroll}>
    <div class="message-stack">${before}${messages.map((message, index) => viewEntry(message, index, props))}</div>
  </div>`;
}

function viewEntry(message: Message, index: number, { messages, isThread, readTs, me }: MessageListProps): VNode {
  const previous = messages[index - 1];
  const day = dayOf(message.ts, Date.now());
  const isNewDay = !isThread && (previous === undefined || dayOf(previous.ts, Date.now()) !== day);
  const isFirstNew =
    readTs !== undefined && message.ts > readTs && (previous?.ts ?? "") <= readTs && message.author !== me && index > 0;
  const isFollowing = !isNewDay && !isFirstNew && previous !== undefined && follows(previous, message);
  return html`<div class="entry" key=${message.ts}>
    ${isNewDay && html`<div class="day" role="separator"><span>${day}</span></div>`}
    ${isFirstNew && html`<div class="new-line" role="separator"><span>New</span></div>`}
    <${MessageView} message=${message} isFollowing=${isFollowing} isInThread=${isThread} />
    ${isThread && index === 0 && messages.length > 1 && html`<div class="thread-rule"><span>${countOf(messages.length - 1)}</span></div>`}
  </div>`;
}

/** Plain messages follow each other without a name; one with blocks is a thing of its own. */
function follows(previous: Message, message: Message): boolean {
  const isNear = msOf(message.ts) - msOf(previous.ts) < FOLLOWING_MS;
  const isPlain = previous.blocks === undefined && message.blocks === undefined && previous.thread === undefined;
  return isNear && isPlain && previous.author === message.author && previous.onlyFor === message.onlyFor;
}

function countOf(replies: number): string {
  return replies === 1 ? "1 reply" : `${replies} replies`;
}

/** Charts and pictures grow after they are drawn, so the end is kept by size, not by the number of messages. */
function useStayAtEnd(list: { current: HTMLDivElement | null }): void {
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (list.current !== null && isAtEnd.current) list.current.scrollTop = list.current.scrollHeight;
  });
  useEffect(() => {
    const frame = list.current;
    const stack = frame?.firstElementChild;
    if (frame === null || stack === null || stack === undefined) return;
    const note = () => {
      isAtEnd.current = frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR_END_PX;
    };
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) frame.scrollTop = frame.scrollHeight;
    });
    observer.observe(stack);
    observer.observe(frame);
    frame.addEventListener("scroll", note);
    return () => {
      observer.disconnect();
      frame.removeEventListener("scroll", note);
    };
  }, []);
}

import type { PressedMessage } from "../delivery/message-reply.ts";
import { ACTIONS } from "../messages/action-ids.ts";

/** The parts of a `block_actions` payload that the listeners use. */
export interface PressBody {
  readonly trigger_id: string;
  readonly user: { readonly id: string };
  readonly channel?: { readonly id: string } | undefined;
  readonly container: {
    readonly type?: string;
    readonly message_ts?: string;
    readonly thread_ts?: string;
    readonly channel_id?: string;
    readonly is_ephemeral?: boolean;
  };
  readonly message?:
    | { readonly ts: string; readonly thread_ts?: string; readonly blocks?: readonly object[] }
    | undefined;
  readonly view?: { readonly id: string; readonly type: string; readonly hash?: string } | undefined;
}

/** The message whose element was used, or nothing where it stands in a view. */
export function pressedMessage({ container, channel, message }: PressBody): PressedMessage | undefined {
  const channelId = channel?.id ?? container.channel_id;
  const ts = container.message_ts ?? message?.ts;
  if (container.type === "view" || channelId === undefined || ts === undefined) return undefined;
  return {
    channel: channelId,
    ts,
    threadTs: container.thread_ts ?? message?.thread_ts,
    isEphemeral: container.is_ephemeral === true,
  };
}

/** The question that a message of ours answers: its Refresh button carries it. */
export function questionOf({ message }: PressBody): string | undefined {
  for (const block of message?.blocks ?? []) {
    const elements = "elements" in block && Array.isArray(block.elements) ? block.elements : [];
    const refresh = elements.find((element) => element?.action_id === ACTIONS.refresh);
    if (typeof refresh?.value === "string") return refresh.value;
  }
  return undefined;
}

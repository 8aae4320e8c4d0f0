import { randomBytes } from "node:crypto";
import type { Block } from "../model.ts";

interface MaybeInteractive {
  readonly type: string;
  readonly action_id?: string;
  readonly [property: string]: unknown;
}

/** Elements that do something and so need an action id. */
const PASSIVE = new Set(["image", "mrkdwn", "plain_text", "raw_text", "raw_number", "rich_text"]);

/** Gives every block a `block_id` and every interactive element an `action_id`, as Slack does where the app left them out. */
export function withIds(blocks: readonly Block[]): Block[] {
  return blocks.map((block): Block => {
    const { elements, accessory, element, child_blocks: children } = block;
    return {
      ...block,
      block_id: block.block_id ?? shortId(),
      ...(isActionList(block) && Array.isArray(elements) && { elements: elements.map(withActionId) }),
      ...(isElement(accessory) && { accessory: withActionId(accessory) }),
      ...(isElement(element) && { element: withActionId(element) }),
      ...(Array.isArray(children) && { child_blocks: withIds(children as Block[]) }),
    };
  });
}

function isActionList({ type }: Block): boolean {
  return type === "actions" || type === "context_actions";
}

function isElement(value: unknown): value is MaybeInteractive {
  return typeof value === "object" && value !== null && "type" in value;
}

function withActionId(element: MaybeInteractive): MaybeInteractive {
  if (PASSIVE.has(element.type)) return element;
  return { ...element, action_id: element.action_id ?? shortId() };
}

function shortId(): string {
  return randomBytes(4).toString("base64url").slice(0, 5);
}

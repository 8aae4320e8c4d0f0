import type { Block } from "../model.ts";

/** An interactive element with the block it stands in. */
export interface FoundElement {
  readonly block: Block;
  readonly element: Readonly<Record<string, unknown>> & { readonly type: string };
}

/** Finds what a person used, so that what the app hears is what the app posted, not what the page claims. */
export function findElement(blocks: readonly Block[], blockId: string, actionId: string): FoundElement | undefined {
  for (const block of blocks) {
    const inside = findElement((block["child_blocks"] ?? []) as Block[], blockId, actionId);
    if (inside !== undefined) return inside;
    if (block.block_id !== blockId) continue;
    const candidates = [block["accessory"], block["element"], ...((block["elements"] ?? []) as unknown[])];
    for (const element of candidates) {
      if (isNamed(element, actionId)) return { block, element };
    }
  }
  return undefined;
}

function isNamed(value: unknown, actionId: string): value is FoundElement["element"] {
  return typeof value === "object" && value !== null && "action_id" in value && value.action_id === actionId;
}

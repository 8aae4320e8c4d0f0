import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Block } from "../../model.ts";
import type { RawState } from "../api.ts";

/** An interactive element as posted. */
export interface Element {
  readonly type: string;
  readonly action_id?: string;
  readonly [property: string]: unknown;
}

/** What the elements of one message or view share: their values, and the way to use them. */
export interface Host {
  readonly values: RawState;
  /** Block id → what the app or the workspace found wrong. */
  readonly errors: Readonly<Record<string, string>>;
  readonly isBusy: boolean;
  set(blockId: string, actionId: string, values: readonly string[]): void;
  /** Tells the app. */
  use(blockId: string, actionId: string, values: readonly string[]): void;
}

export const HostContext = createContext<Host | null>(null);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (host === null) throw new TypeError("useHost needs a HostContext above it.");
  return host;
}

/** The values that the app gave its inputs to begin with. */
export function initialValues(blocks: readonly Block[]): RawState {
  const values: Record<string, Record<string, readonly string[]>> = {};
  for (const block of blocks) {
    const own = [block["accessory"], block["element"], ...((block["elements"] ?? []) as unknown[])] as (
      | Element
      | undefined
    )[];
    for (const element of own) {
      const initial = element?.action_id === undefined ? [] : initialOf(element);
      if (initial.length > 0)
        values[String(block.block_id)] = { ...values[String(block.block_id)], [String(element?.action_id)]: initial };
    }
    Object.assign(values, initialValues((block["child_blocks"] ?? []) as Block[]));
  }
  return values;
}

const SIMPLE = [
  "initial_value",
  "initial_date",
  "initial_time",
  "initial_conversation",
  "initial_channel",
  "initial_user",
];

function initialOf(element: Element): readonly string[] {
  const many = element["initial_options"] as readonly { value: string }[] | undefined;
  if (many !== undefined) return many.map(({ value }) => value);
  const one = element["initial_option"] as { value: string } | undefined;
  if (one !== undefined) return [one.value];
  return SIMPLE.flatMap((name) => (typeof element[name] === "string" ? [element[name]] : []));
}

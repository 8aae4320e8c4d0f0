import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Block } from "../model.ts";
import type { RawState } from "./api.ts";
import { Blocks } from "./blocks/blocks.ts";
import { usePage } from "./context.ts";
import { type Host, HostContext, initialValues } from "./elements/host.ts";
import { html } from "./html.ts";
import type { ThreadId } from "./state.ts";

export interface BlockHostProps {
  readonly blocks: readonly Block[];
  /** The message or view that the blocks stand in. */
  readonly where: ThreadId | { readonly viewId: string };
}

/** Blocks of a message or home tab, whose elements tell the app what the person does. */
export function BlockHost({ blocks, where }: BlockHostProps): VNode {
  const { api, notify } = usePage();
  const [values, setValues] = useState<RawState>(() => initialValues(blocks));
  const [isBusy, setBusy] = useState(false);
  const host: Host = {
    values,
    errors: {},
    isBusy,
    set: (blockId, actionId, chosen) => setValues((old) => withValues(old, blockId, actionId, chosen)),
    async use(blockId, actionId, chosen) {
      setBusy(true);
      const state = withValues(values, blockId, actionId, chosen);
      const { failure, error } = await api.use(where, { blockId, actionId, values: chosen, state });
      setBusy(false);
      if (failure !== undefined || error !== undefined) notify(error ?? explain(failure ?? ""));
    },
  };
  return html`<${HostContext.Provider} value=${host}><${Blocks} blocks=${blocks} /><//>`;
}

export function withValues(old: RawState, blockId: string, actionId: string, values: readonly string[]): RawState {
  return { ...old, [blockId]: { ...old[blockId], [actionId]: values } };
}

/** Slack's words for an app that did not answer, as a person reads them. */
export function explain(failure: string): string {
  if (failure === "operation_timeout") return "The app did not answer in time (operation_timeout).";
  if (failure === "dispatch_failed") return "The app is not connected (dispatch_failed).";
  return `That did not work (${failure}).`;
}

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { listReusablePolicies, type Policy } from "../api/policies.ts";
import { html } from "../html.ts";
import { Dialog, DialogForm } from "../kit/dialog.ts";
import { type Choice, Select } from "../kit/fields.ts";
import { useResource } from "../kit/resource.ts";
import { Loaded } from "../kit/states.ts";
import { useAction } from "../kit/use-action.ts";

/** Lets an application use one of the policies that applications share. */
export function AddReusable(props: {
  readonly used: readonly string[];
  readonly onClose: () => void;
  readonly onChosen: (policyId: string) => Promise<void>;
}): VNode {
  const { used, onClose, onChosen } = props;
  const policies = useResource(listReusablePolicies, []);
  return html`<${Dialog} title="Use a reusable policy" onClose=${onClose}>
    <${Loaded} resource=${policies}>${(all: readonly Policy[]) => html`<${Choose} policies=${all.filter(({ id }) => !used.includes(id))} onClose=${onClose} onChosen=${onChosen} />`}<//>
  <//>`;
}

function Choose(props: {
  policies: readonly Policy[];
  onClose: () => void;
  onChosen: (id: string) => Promise<void>;
}): VNode {
  const { policies, onClose, onChosen } = props;
  const [id, setId] = useState(policies[0]?.id ?? "");
  const { isBusy, problem, run } = useAction();
  const choices = policies.map((policy): Choice => [policy.id, policy.name]);
  return html`<${DialogForm} submit="Use it" isBusy=${isBusy} isDisabled=${id === ""} problem=${problem} onSubmit=${() => void run(() => onChosen(id))} onClose=${onClose}>
    ${
      choices.length === 0
        ? html`<p>There is none that this application does not use already. Make one under “Reusable policies”.</p>`
        : html`<${Select} label="Policy" isFirst choices=${choices} value=${id} onInput=${setId} />`
    }
  <//>`;
}

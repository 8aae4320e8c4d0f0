import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Application } from "../api/applications.ts";
import { deletePolicy, type Policy, policiesPath } from "../api/policies.ts";
import { html } from "../html.ts";
import { Confirm } from "../kit/confirm.ts";
import { Loaded } from "../kit/states.ts";
import { toast } from "../kit/toasts.ts";
import { useNames } from "../rules/names.ts";
import { PolicyDialog } from "../rules/policy-dialog.ts";
import { PolicyItem } from "../rules/policy-item.ts";
import { inOrderOfEvaluation } from "../rules/policy-order.ts";
import type { Names } from "../rules/rule.ts";

type Asked = { readonly act: "edit" | "remove"; readonly policy: Policy } | { readonly act: "add" };

/** Who gets in: the policies in the order in which they are looked at. */
export function ApplicationPolicies(props: {
  application: Application;
  isFixed: boolean;
  onChanged: () => Promise<void>;
}): VNode {
  const { application, isFixed, onChanged } = props;
  const names = useNames();
  const [asked, setAsked] = useState<Asked>();
  const policies = inOrderOfEvaluation(application.policies ?? []);
  const close = () => setAsked(undefined);
  const path = policiesPath(application.id);
  const saved = async () => {
    close();
    toast("Saved. It is in force now.");
    await onChanged();
  };
  const editable = (policy: Policy) => !isFixed && policy.reusable !== true;
  return html`<section class="card" aria-labelledby="policies">
    <div class="card-head">
      <h2 id="policies">Policies</h2>
      ${!isFixed && html`<button type="button" class="button" onClick=${() => setAsked({ act: "add" })}>Add a policy</button>`}
      <p>Looked at from top to bottom; the first that matches decides, and no match is a no.</p>
    </div>
    ${policies.length === 0 && html`<p class="note warn">No policy: nobody gets in. Add one that says who does.</p>`}
    <${Loaded} resource=${names}>${(known: Names) => html`<ol class="policies">${policies.map(
      (policy, index) => html`<${PolicyItem} key=${policy.id} policy=${policy} number=${index + 1} names=${known}
        onEdit=${editable(policy) ? () => setAsked({ act: "edit", policy }) : undefined}
        onRemove=${editable(policy) ? () => setAsked({ act: "remove", policy }) : undefined} />`,
    )}</ol>
    ${(asked?.act === "add" || asked?.act === "edit") && html`<${PolicyDialog} path=${path} policy=${asked.act === "edit" ? asked.policy : undefined} names=${known} precedence=${nextPrecedence(policies)} onClose=${close} onSaved=${saved} />`}`}<//>
    ${
      asked?.act === "remove" &&
      html`<${Confirm} title=${`Remove “${asked.policy.name}”`} submit="Remove" onClose=${close} act=${async () => {
        await deletePolicy(path, asked.policy.id);
        await saved();
      }}><p>Whoever got in by this policy alone is kept out at once.</p><//>`
    }
  </section>`;
}

function nextPrecedence(policies: readonly Policy[]): number {
  return Math.max(0, ...policies.map(({ precedence }) => precedence ?? 0)) + 1;
}

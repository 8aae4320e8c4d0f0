import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type Application, setPolicies } from "../api/applications.ts";
import { type Policy, policiesPath } from "../api/policies.ts";
import { html } from "../html.ts";
import { Loaded } from "../kit/states.ts";
import { toast } from "../kit/toasts.ts";
import { useAction } from "../kit/use-action.ts";
import { useNames } from "../rules/names.ts";
import { PolicyDialog } from "../rules/policy-dialog.ts";
import { PolicyItem } from "../rules/policy-item.ts";
import { canSwap, inOrderOfEvaluation } from "../rules/policy-order.ts";
import type { Names } from "../rules/rule.ts";
import { AddReusable } from "./add-reusable.ts";
import { RemovePolicy } from "./remove-policy.ts";

type Asked =
  | { readonly act: "edit" | "remove"; readonly policy: Policy }
  | { readonly act: "add" | "reuse"; readonly policy?: undefined };

/** Who gets in: the policies in the order in which they are looked at. */
export function ApplicationPolicies(props: { application: Application; onChanged: () => Promise<void> }): VNode {
  const { application, onChanged } = props;
  const [asked, setAsked] = useState<Asked>();
  const names = useNames();
  const { isBusy, problem, run } = useAction();
  const policies = inOrderOfEvaluation(application.policies);
  const ids = policies.map(({ id }) => id);
  const close = () => setAsked(undefined);
  const saved = async () => {
    close();
    toast("Saved. It is in force now.");
    await onChanged();
  };
  const set = async (next: readonly string[]) => {
    await setPolicies(application, next);
    await saved();
  };
  const swap = (index: number) =>
    void run(() => set(ids.with(index, ids[index + 1] ?? "").with(index + 1, ids[index] ?? "")));
  const itemActions = (policy: Policy, index: number) => ({
    ...(policy.reusable !== true && { onEdit: () => setAsked({ act: "edit", policy }) }),
    onRemove: () => setAsked({ act: "remove", policy }),
    onUp: canSwap(policies[index - 1], policy) ? () => swap(index - 1) : undefined,
    onDown: canSwap(policy, policies[index + 1]) ? () => swap(index) : undefined,
  });
  return html`<section class="card" aria-labelledby="policies">
    <div class="card-head">
      <h2 id="policies">Policies</h2>
      ${
        !application.read_only &&
        html`<div class="actions">
          <button type="button" class="button" onClick=${() => setAsked({ act: "reuse" })}>Use a reusable one</button>
          <button type="button" class="button primary" onClick=${() => setAsked({ act: "add" })}>Add a policy</button>
        </div>`
      }
      <p>Looked at from top to bottom: first Bypass and Service Auth, then Block and Allow. The first that matches decides, and no match is a no.</p>
    </div>
    ${problem && html`<p class="problem" role="alert">${problem.message}</p>`}
    ${policies.length === 0 && html`<p class="note warn">No policy: nobody gets in. Add one that says who does.</p>`}
    <${Loaded} resource=${names}>${(known: Names) => html`
      <ol class="policies" aria-busy=${isBusy}>${policies.map(
        (policy, index) =>
          html`<${PolicyItem} key=${policy.id} policy=${policy} number=${index + 1} names=${known} ...${application.read_only ? {} : itemActions(policy, index)} />`,
      )}</ol>
      ${(asked?.act === "add" || asked?.act === "edit") && html`<${PolicyDialog} path=${policiesPath(application.id)} policy=${asked.policy} names=${known} onClose=${close} onSaved=${saved} />`}`}<//>
    ${asked?.act === "reuse" && html`<${AddReusable} used=${ids} onClose=${close} onChosen=${(id: string) => set([...ids, id])} />`}
    ${asked?.act === "remove" && html`<${RemovePolicy} application=${application} policy=${asked.policy} onClose=${close} onTaken=${() => set(ids.filter((id) => id !== asked.policy.id))} onRemoved=${saved} />`}
  </section>`;
}

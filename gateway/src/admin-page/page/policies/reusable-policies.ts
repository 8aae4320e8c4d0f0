import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { deletePolicy, listReusablePolicies, type Policy, policiesPath } from "../api/policies.ts";
import { html } from "../html.ts";
import { Confirm } from "../kit/confirm.ts";
import { useResource } from "../kit/resource.ts";
import { Empty, Loaded } from "../kit/states.ts";
import { toast } from "../kit/toasts.ts";
import { useNames } from "../rules/names.ts";
import { PolicyDialog } from "../rules/policy-dialog.ts";
import { PolicyItem } from "../rules/policy-item.ts";
import type { Names } from "../rules/rule.ts";

type Asked = { readonly act: "edit" | "delete"; readonly policy: Policy } | { readonly act: "add" };

/** Policies that several applications share. */
export function ReusablePolicies(): VNode {
  const policies = useResource(listReusablePolicies, []);
  const names = useNames();
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const done = async (words: string) => {
    close();
    toast(words);
    await policies.reload();
  };
  const add = html`<button type="button" class="button primary" onClick=${() => setAsked({ act: "add" })}>New policy</button>`;
  return html`<div class="head">
      <div><h1>Reusable policies</h1><p>Policies that several applications share. An application’s own policies are on its page.</p></div>
      <div class="actions">${add}</div>
    </div>
    <${Loaded} resource=${policies}>${(items: readonly Policy[]) =>
      html`<${Loaded} resource=${names}>${(known: Names) => html`
      ${
        items.length === 0
          ? html`<${Empty} title="No reusable policies yet"><p>When several applications let the same people in, write the policy once here and let the applications use it by its id, in their JSON view.</p>${add}<//>`
          : html`<section class="card" aria-label="Reusable policies"><ul class="policies">${items.map(
              (policy) =>
                html`<${PolicyItem} key=${policy.id} policy=${policy} names=${known} onEdit=${() => setAsked({ act: "edit", policy })} removal="Delete" onRemove=${() => setAsked({ act: "delete", policy })} />`,
            )}</ul></section>`
      }
      ${(asked?.act === "add" || asked?.act === "edit") && html`<${PolicyDialog} path=${policiesPath()} policy=${asked.act === "edit" ? asked.policy : undefined} names=${known} onClose=${close} onSaved=${() => done("Saved. It is in force now.")} />`}`}<//>`}<//>
    ${
      asked?.act === "delete" &&
      html`<${Confirm} title=${`Delete “${asked.policy.name}”`} submit="Delete" onClose=${close} act=${async () => {
        await deletePolicy(policiesPath(), asked.policy.id);
        await done(`“${asked.policy.name}” is deleted.`);
      }}><p>It cannot be deleted while an application uses it.</p><//>`
    }`;
}

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { deleteGroup, type Group, listGroups } from "../api/groups.ts";
import { html } from "../html.ts";
import { Confirm } from "../kit/confirm.ts";
import { useResource } from "../kit/resource.ts";
import { Empty, Loaded } from "../kit/states.ts";
import { toast } from "../kit/toasts.ts";
import { useNames } from "../rules/names.ts";
import { rulesWords } from "../rules/policy-words.ts";
import type { Names } from "../rules/rule.ts";
import { GroupDialog } from "./group-dialog.ts";

type Asked = { readonly act: "edit" | "delete"; readonly group: Group } | { readonly act: "add" };

/** Groups of people, places and programs that several policies name. */
export function Groups(): VNode {
  const groups = useResource(listGroups, []);
  const names = useNames();
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const done = async (words: string) => {
    close();
    toast(words);
    await Promise.all([groups.reload(), names.reload()]);
  };
  const add = html`<button type="button" class="button primary" onClick=${() => setAsked({ act: "add" })}>New group</button>`;
  return html`<div class="head">
      <div><h1>Groups</h1><p>A set of rules with a name, for several policies to use. A change is in force at once wherever the group is named.</p></div>
      <div class="actions">${add}</div>
    </div>
    <${Loaded} resource=${groups}>${(items: readonly Group[]) =>
      html`<${Loaded} resource=${names}>${(known: Names) => html`
      ${items.length === 0 ? html`<${NoGroups} add=${add} />` : html`<${GroupItems} groups=${items} names=${known} onAsk=${setAsked} />`}
      ${(asked?.act === "add" || asked?.act === "edit") && html`<${GroupDialog} group=${asked.act === "edit" ? asked.group : undefined} names=${known} onClose=${close} onSaved=${() => done("Saved. It is in force now.")} />`}`}<//>`}<//>
    ${
      asked?.act === "delete" &&
      html`<${Confirm} title=${`Delete “${asked.group.name}”`} submit="Delete" onClose=${close} act=${async () => {
        await deleteGroup(asked.group.id);
        await done(`“${asked.group.name}” is deleted.`);
      }}><p>It cannot be deleted while a policy names it.</p><//>`
    }`;
}

function NoGroups({ add }: { add: VNode }): VNode {
  return html`<${Empty} title="No groups yet"><p>When the same people, addresses or tokens stand in several policies, give them a name here and let the policies use it.</p>${add}<//>`;
}

function GroupItems(props: { groups: readonly Group[]; names: Names; onAsk: (asked: Asked) => void }): VNode {
  const { groups, names, onAsk } = props;
  const items = groups.map(
    (group) => html`<li class="policy" key=${group.id}>
      <div class="policy-text"><p><strong>${group.name}</strong></p><p class="policy-words">Has ${rulesWords(group, names)}.</p></div>
      <div class="actions">
        <button type="button" class="button small" aria-label=${`Edit ${group.name}`} onClick=${() => onAsk({ act: "edit", group })}>Edit</button>
        <button type="button" class="button small danger" aria-label=${`Delete ${group.name}`} onClick=${() => onAsk({ act: "delete", group })}>Delete</button>
      </div>
    </li>`,
  );
  return html`<section class="card" aria-label="Groups"><ul class="policies">${items}</ul></section>`;
}

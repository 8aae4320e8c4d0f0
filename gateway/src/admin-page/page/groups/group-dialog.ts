import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { draftOf, type Group, type GroupDraft, NEW_GROUP, saveGroup } from "../api/groups.ts";
import { html } from "../html.ts";
import { Dialog, DialogForm } from "../kit/dialog.ts";
import { Field } from "../kit/fields.ts";
import { FormOrJson } from "../kit/form-or-json.ts";
import { useAction } from "../kit/use-action.ts";
import type { Names, RuleLists } from "../rules/rule.ts";
import { RuleListsEditor } from "../rules/rule-editor.ts";

interface GroupDialogProps {
  /** Left out for a new one. */
  readonly group?: Group | undefined;
  readonly names: Names;
  readonly onClose: () => void;
  readonly onSaved: () => Promise<void>;
}

export function GroupDialog({ group, names, onClose, onSaved }: GroupDialogProps): VNode {
  const [first] = useState<GroupDraft>(() => (group === undefined ? NEW_GROUP : draftOf(group)));
  const [draft, setDraft] = useState(first);
  const [isBroken, setBroken] = useState(false);
  const { isBusy, problem, run } = useAction();
  const submit = () =>
    void run(async () => {
      await saveGroup(group?.id, draft);
      await onSaved();
    });
  return html`<${Dialog} title=${group === undefined ? "New group" : `Edit “${group.name}”`} onClose=${onClose} isDirty=${draft !== first} isWide>
    <${DialogForm} submit=${group === undefined ? "Create" : "Save"} isBusy=${isBusy} isDisabled=${isBroken} problem=${problem} onSubmit=${submit} onClose=${onClose}>
      <${FormOrJson} value=${draft} onInput=${setDraft} onBroken=${setBroken}>
        <${Field} label="Name" required isFirst value=${draft.name} onInput=${(name: string) => setDraft({ ...draft, name })} />
        <${RuleListsEditor} value=${draft} names=${names} onInput=${(rules: RuleLists) => setDraft({ ...draft, ...rules })} />
      <//>
    <//>
  <//>`;
}

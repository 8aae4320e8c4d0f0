import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { draftOf, NEW_POLICY, type Policy, type PolicyDraft, savePolicy } from "../api/policies.ts";
import { html } from "../html.ts";
import { Dialog, DialogForm } from "../kit/dialog.ts";
import { Field } from "../kit/fields.ts";
import { FormOrJson } from "../kit/form-or-json.ts";
import { RadioCards } from "../kit/radio-cards.ts";
import { useAction } from "../kit/use-action.ts";
import { DECISIONS, policyWords } from "./policy-words.ts";
import type { Names, RuleLists } from "./rule.ts";
import { RuleListsEditor } from "./rule-editor.ts";

interface PolicyDialogProps {
  /** From `policiesPath`. */
  readonly path: string;
  /** Left out for a new one. */
  readonly policy?: Policy | undefined;
  readonly names: Names;
  readonly onClose: () => void;
  readonly onSaved: () => Promise<void>;
}

/** Makes or changes a policy, and says in a sentence what it will do. */
export function PolicyDialog(props: PolicyDialogProps): VNode {
  const { path, policy, names, onClose, onSaved } = props;
  const [first] = useState<PolicyDraft>(() => (policy === undefined ? NEW_POLICY : draftOf(policy)));
  const [draft, setDraft] = useState(first);
  const [isBroken, setBroken] = useState(false);
  const { isBusy, problem, run } = useAction();
  const submit = () =>
    void run(async () => {
      await savePolicy(path, policy?.id, draft);
      await onSaved();
    });
  const title = policy === undefined ? "New policy" : `Edit “${policy.name}”`;
  return html`<${Dialog} title=${title} onClose=${onClose} isDirty=${draft !== first} isWide>
    <${DialogForm} submit=${policy === undefined ? "Create" : "Save"} isBusy=${isBusy} isDisabled=${isBroken} problem=${problem} onSubmit=${submit} onClose=${onClose}>
      <${FormOrJson} value=${draft} onInput=${setDraft} onBroken=${setBroken}><${PolicyFields} draft=${draft} names=${names} onInput=${setDraft} /><//>
    <//>
  <//>`;
}

const CHOICES = Object.entries(DECISIONS).map(([value, { title, hint }]) => ({ value, label: title, hint }));

function PolicyFields(props: { draft: PolicyDraft; names: Names; onInput: (draft: PolicyDraft) => void }): VNode {
  const { draft, names, onInput } = props;
  return html`
    <${Field} label="Name" required isFirst value=${draft.name} onInput=${(name: string) => onInput({ ...draft, name })} />
    <${RadioCards} label="Decision" value=${draft.decision} choices=${CHOICES} onInput=${(decision: string) => onInput({ ...draft, decision })} />
    <${RuleListsEditor} value=${draft} names=${names} onInput=${(rules: RuleLists) => onInput({ ...draft, ...rules })} />
    <${Field} label="Session duration" placeholder="the application’s" value=${draft.session_duration ?? ""} onInput=${(text: string) => onInput({ ...draft, session_duration: text === "" ? null : text })} />
    <p class="note" aria-live="polite">${policyWords(draft, names)}.</p>`;
}

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { changeServiceToken, type ServiceToken } from "../api/service-tokens.ts";
import { html } from "../html.ts";
import { Dialog, DialogForm } from "../kit/dialog.ts";
import { type Choice, Field, Select } from "../kit/fields.ts";
import { durationWords } from "../kit/times.ts";
import { toast } from "../kit/toasts.ts";
import { useAction } from "../kit/use-action.ts";
import { LIVES } from "./durations.ts";

/** Name and life. A changed life counts from now, so the field says so. */
export function EditToken(props: { token: ServiceToken; onClose: () => void; onChanged: () => void }): VNode {
  const { token, onClose, onChanged } = props;
  const [name, setName] = useState(token.name);
  const [duration, setDuration] = useState(token.duration);
  const { isBusy, problem, run } = useAction();
  const changes = { ...(name !== token.name && { name }), ...(duration !== token.duration && { duration }) };
  const isDirty = Object.keys(changes).length > 0;
  const submit = () =>
    void run(async () => {
      if (isDirty) await changeServiceToken(token.id, changes);
      toast("Saved.");
      onChanged();
      onClose();
    });
  return html`<${Dialog} title="Edit service token" onClose=${onClose} isDirty=${isDirty}>
    <${DialogForm} submit="Save" isBusy=${isBusy} problem=${problem} onSubmit=${submit} onClose=${onClose}>
      <${Field} label="Name" required maxlength="100" isFirst value=${name} onInput=${setName} />
      <${Select} label="Works for" choices=${livesWith(token.duration)} value=${duration} onInput=${setDuration} hint="A change counts from now." />
    <//>
  <//>`;
}

function livesWith(duration: string): readonly Choice[] {
  return LIVES.some(([one]) => one === duration) ? LIVES : [[duration, durationWords(duration)], ...LIVES];
}

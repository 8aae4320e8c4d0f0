import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type Keys, readKeys, rotateKeys, saveRotationDays } from "../api/settings.ts";
import { html } from "../html.ts";
import { When } from "../kit/clock.ts";
import { Confirm } from "../kit/confirm.ts";
import { Dialog, DialogForm } from "../kit/dialog.ts";
import { Check, Field } from "../kit/fields.ts";
import { useResource } from "../kit/resource.ts";
import { Loaded } from "../kit/states.ts";
import { counted } from "../kit/times.ts";
import { toast } from "../kit/toasts.ts";
import { useAction } from "../kit/use-action.ts";
import { KeyTable } from "./key-table.ts";

const DAY_MS = 86_400_000;

/** The key that signs the JWTs: how old it is, when the next one comes, and changing it now. */
export function SigningKeys(): VNode {
  const keys = useResource(readKeys, []);
  const [asked, setAsked] = useState<"rotate" | "interval">();
  const close = () => setAsked(undefined);
  return html`<section class="card" aria-labelledby="keys">
    <div class="card-head">
      <h2 id="keys">Signing key</h2>
      <div class="actions">
        <button type="button" class="button" onClick=${() => setAsked("interval")} disabled=${keys.data === undefined}>Change the interval</button>
        <button type="button" class="button" onClick=${() => setAsked("rotate")}>Rotate now</button>
      </div>
      <p>Signs the JWTs that origins verify. Origins read the keys from <code>/cdn-cgi/access/certs</code> and follow a rotation by themselves.</p>
    </div>
    <${Loaded} resource=${keys}>${(data: Keys) => html`<${Facts} keys=${data} />`}<//>
    ${asked === "rotate" && html`<${RotateKeys} onClose=${close} onRotated=${keys.reload} />`}
    ${asked === "interval" && keys.data !== undefined && html`<${IntervalDialog} keys=${keys.data} onClose=${close} onSaved=${keys.reload} />`}
  </section>`;
}

function Facts({ keys }: { keys: Keys }): VNode {
  const nextMs = Date.parse(keys.last_key_rotation_at) + keys.key_rotation_interval_days * DAY_MS;
  return html`<dl class="facts">
      <dt>Last rotation</dt><dd><${When} at=${keys.last_key_rotation_at} /></dd>
      <dt>Next rotation</dt><dd><${When} at=${new Date(nextMs).toISOString()} /> <span class="muted">(every ${counted(keys.key_rotation_interval_days, "day")})</span></dd>
    </dl>
    <${KeyTable} keys=${keys.keys} />`;
}

function RotateKeys({ onClose, onRotated }: { onClose: () => void; onRotated: () => Promise<void> }): VNode {
  const [isLeaked, setLeaked] = useState(false);
  const rotate = async () => {
    await rotateKeys(isLeaked);
    toast("There is a new signing key.");
    await onRotated();
  };
  return html`<${Confirm} title="Rotate the signing key" submit="Rotate now" act=${rotate} onClose=${onClose}>
    <p>The new key is published at once and signs in ten minutes, when every origin has it. JWTs of the old one stay good for their overlap.</p>
    <${Check} label="The key may have leaked" hint="The old keys end now, and every JWT with them: people and bots get new ones, and for a moment origins may refuse some." value=${isLeaked} onInput=${setLeaked} />
  <//>`;
}

function IntervalDialog(props: { keys: Keys; onClose: () => void; onSaved: () => Promise<void> }): VNode {
  const { keys, onClose, onSaved } = props;
  const [days, setDays] = useState(String(keys.key_rotation_interval_days));
  const { isBusy, problem, run } = useAction();
  const submit = () =>
    void run(async () => {
      await saveRotationDays(Number(days));
      toast("Saved.");
      await onSaved();
      onClose();
    });
  return html`<${Dialog} title="How often the signing key changes" onClose=${onClose} isDirty=${days !== String(keys.key_rotation_interval_days)}>
    <${DialogForm} submit="Save" isBusy=${isBusy} problem=${problem} onSubmit=${submit} onClose=${onClose}>
      <${Field} label="Days" type="number" min="21" max="365" required isFirst value=${days} onInput=${setDays} hint="21 to 365. Six weeks, 42, is usual." />
    <//>
  <//>`;
}

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { createServiceToken, type ServiceTokenWithSecret } from "../api/service-tokens.ts";
import { html } from "../html.ts";
import { Dialog, DialogForm } from "../kit/dialog.ts";
import { Field, Select } from "../kit/fields.ts";
import { useAction } from "../kit/use-action.ts";
import { DEFAULT_LIFE, LIVES } from "./durations.ts";
import { SecretShown } from "./secret-shown.ts";

/** Asks for a name and a life, then shows the pair. */
export function CreateToken({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }): VNode {
  const [name, setName] = useState("");
  const [duration, setDuration] = useState(DEFAULT_LIFE);
  const [created, setCreated] = useState<ServiceTokenWithSecret>();
  const { isBusy, problem, run } = useAction();
  const submit = () =>
    void run(async () => {
      setCreated(await createServiceToken({ name, duration }));
      onCreated();
    });
  const title = created === undefined ? "New service token" : `Service token “${created.name}”`;
  return html`<${Dialog} title=${title} onClose=${onClose} isDirty=${created === undefined && name !== ""} isWide=${created !== undefined}>
    ${
      created === undefined
        ? html`<${DialogForm} submit="Create" isBusy=${isBusy} problem=${problem} onSubmit=${submit} onClose=${onClose}>
            <${Field} label="Name" hint="Which bot uses it, and where: “stats bot, production”." required maxlength="100" isFirst value=${name} onInput=${setName} />
            <${Select} label="Works for" choices=${LIVES} value=${duration} onInput=${setDuration} hint="It can be extended at any time before it ends." />
          <//>`
        : html`<${SecretShown} token=${created} onClose=${onClose} />`
    }
  <//>`;
}

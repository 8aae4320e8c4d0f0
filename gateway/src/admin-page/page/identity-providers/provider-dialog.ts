import type { VNode } from "preact";
import { useState } from "preact/hooks";
import {
  draftOf,
  type IdentityProvider,
  type IdentityProviderDraft,
  NEW_PROVIDER,
  saveIdentityProvider,
} from "../api/identity-providers.ts";
import { html } from "../html.ts";
import { Dialog, DialogForm } from "../kit/dialog.ts";
import { Field } from "../kit/fields.ts";
import { FormOrJson } from "../kit/form-or-json.ts";
import { useAction } from "../kit/use-action.ts";

interface ProviderDialogProps {
  /** Left out for a new one. */
  readonly provider?: IdentityProvider | undefined;
  readonly onClose: () => void;
  readonly onSaved: () => Promise<void>;
}

export function ProviderDialog({ provider, onClose, onSaved }: ProviderDialogProps): VNode {
  const [first] = useState<IdentityProviderDraft>(() => (provider === undefined ? NEW_PROVIDER : draftOf(provider)));
  const [draft, setDraft] = useState(first);
  const [isBroken, setBroken] = useState(false);
  const { isBusy, problem, run } = useAction();
  const submit = () =>
    void run(async () => {
      await saveIdentityProvider(provider?.id, draft);
      await onSaved();
    });
  const title = provider === undefined ? "New identity provider" : `Edit “${provider.name}”`;
  const config = (name: string) => ({
    value: String(draft.config[name] ?? ""),
    onInput: (text: string) => {
      const { [name]: _, ...rest } = draft.config;
      // An empty secret is one that is left out: the old one stays.
      setDraft({ ...draft, config: text === "" && name === "client_secret" ? rest : { ...rest, [name]: text } });
    },
  });
  return html`<${Dialog} title=${title} onClose=${onClose} isDirty=${draft !== first} isWide>
    <${DialogForm} submit=${provider === undefined ? "Add" : "Save"} isBusy=${isBusy} isDisabled=${isBroken} problem=${problem} onSubmit=${submit} onClose=${onClose}>
      <${FormOrJson} value=${draft} onInput=${setDraft} onBroken=${setBroken}>
        <${Field} label="Name" required isFirst hint="People see it on the login page." value=${draft.name} onInput=${(name: string) => setDraft({ ...draft, name })} />
        <${Field} label="Issuer" required type="url" placeholder="https://login.acme.example" hint="Its /.well-known/openid-configuration is read." ...${config("issuer")} />
        <${Field} label="Client ID" required autocomplete="off" ...${config("client_id")} />
        <${Field} label="Client secret" type="password" autocomplete="new-password" required=${provider === undefined} hint=${provider === undefined ? "Kept encrypted, and never shown again." : "Empty: the one there is."} ...${config("client_secret")} />
        <p class="note">At the provider, register the gateway’s <code>/cdn-cgi/access/callback</code> as redirect URI; the list of providers shows the whole address.</p>
      <//>
    <//>
  <//>`;
}

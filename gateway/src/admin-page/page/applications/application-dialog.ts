import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type Application, type ApplicationDraft, NEW_APPLICATION, saveApplication } from "../api/applications.ts";
import { html } from "../html.ts";
import { Dialog, DialogForm } from "../kit/dialog.ts";
import { Check, Field } from "../kit/fields.ts";
import { FormOrJson } from "../kit/form-or-json.ts";
import { useAction } from "../kit/use-action.ts";

interface ApplicationDialogProps {
  /** Left out for a new one. */
  readonly application?: Application;
  readonly onClose: () => void;
  readonly onSaved: (application: Application) => void;
}

/** The usual fields as a form, all of them as JSON. */
export function ApplicationDialog({ application, onClose, onSaved }: ApplicationDialogProps): VNode {
  const first: ApplicationDraft = application ?? NEW_APPLICATION;
  const [draft, setDraft] = useState(first);
  const [isBroken, setBroken] = useState(false);
  const { isBusy, problem, run } = useAction();
  const submit = () =>
    void run(async () => {
      const saved = await saveApplication(application?.id, draft);
      onClose();
      onSaved(saved);
    });
  const title = application === undefined ? "New application" : `Edit “${application.name}”`;
  return html`<${Dialog} title=${title} onClose=${onClose} isDirty=${draft !== first && !isBusy} isWide>
    <${DialogForm} submit=${application === undefined ? "Create" : "Save"} isBusy=${isBusy} isDisabled=${isBroken} problem=${problem} onSubmit=${submit} onClose=${onClose}>
      <${FormOrJson} value=${draft} onInput=${setDraft} onBroken=${setBroken}><${ApplicationFields} draft=${draft} pointer=${problem?.pointer} message=${problem?.message} onInput=${setDraft} /><//>
    <//>
  <//>`;
}

function ApplicationFields(props: {
  readonly draft: ApplicationDraft;
  /** Which field the gateway refused, and why. */
  readonly pointer: string | undefined;
  readonly message: string | undefined;
  readonly onInput: (draft: ApplicationDraft) => void;
}): VNode {
  const { draft, pointer, message, onInput } = props;
  const field = (name: string) => ({
    value: String(draft[name] ?? ""),
    onInput: (text: string) => onInput({ ...draft, [name]: text }),
    error: pointer === `/${name}` ? message : undefined,
  });
  return html`
    <${Field} label="Name" required isFirst ...${field("name")} />
    <${Field} label="Domain" required placeholder="stats.example.com/reports" hint="A host, with a path to guard only a part of it. The most specific application wins." ...${field("domain")} />
    <${Field} label="Origin" placeholder="http://10.0.0.5:8080" hint="Where requests that are let in are forwarded to. Empty: what GATEWAY_ORIGINS says for the host." ...${field("origin")} />
    <${Field} label="Session duration" placeholder="24h" hint="How long a JWT is good for: 30m, 24h, 168h. A policy may shorten it." ...${field("session_duration")} />
    <${Check} label="Answer programs without credentials 401, not 403" hint="Only matters when every policy is Service Auth." value=${draft["service_auth_401_redirect"] === true}
      onInput=${(isOn: boolean) => onInput({ ...draft, service_auth_401_redirect: isOn })} />`;
}

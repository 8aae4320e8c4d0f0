import type { VNode } from "preact";
import { useState } from "preact/hooks";
import {
  type Application,
  type ApplicationDraft,
  draftOf,
  NEW_APPLICATION,
  saveApplication,
} from "../api/applications.ts";
import type { Problem } from "../api/client.ts";
import { html } from "../html.ts";
import { Dialog, DialogForm } from "../kit/dialog.ts";
import { Check, Field, TextArea } from "../kit/fields.ts";
import { FormOrJson } from "../kit/form-or-json.ts";
import { letGo } from "../kit/leave-guard.ts";
import { useAction } from "../kit/use-action.ts";

interface ApplicationDialogProps {
  /** Left out for a new one. */
  readonly application?: Application;
  readonly onClose: () => void;
  readonly onSaved: (application: Application) => void;
}

/** The usual fields as a form, all of them as JSON. */
export function ApplicationDialog({ application, onClose, onSaved }: ApplicationDialogProps): VNode {
  const [first] = useState(() => (application === undefined ? NEW_APPLICATION : draftOf(application)));
  const [draft, setDraft] = useState(first);
  const [isBroken, setBroken] = useState(false);
  const { isBusy, problem, run } = useAction();
  const submit = () =>
    void run(async () => {
      const saved = await saveApplication(application?.id, draft);
      letGo();
      onClose();
      onSaved(saved);
    });
  const title = application === undefined ? "New application" : `Edit “${application.name}”`;
  return html`<${Dialog} title=${title} onClose=${onClose} isDirty=${draft !== first} isWide>
    <${DialogForm} submit=${application === undefined ? "Create" : "Save"} isBusy=${isBusy} isDisabled=${isBroken} problem=${problem} onSubmit=${submit} onClose=${onClose}>
      <${FormOrJson} value=${draft} onInput=${setDraft} onBroken=${setBroken}><${ApplicationFields} draft=${draft} problem=${problem} onInput=${setDraft} /><//>
    <//>
  <//>`;
}

interface FieldsProps {
  readonly draft: ApplicationDraft;
  readonly problem: Problem | undefined;
  readonly onInput: (draft: ApplicationDraft) => void;
}

function ApplicationFields({ draft, problem, onInput }: FieldsProps): VNode {
  const field = (name: string) => ({
    value: String(draft[name] ?? ""),
    onInput: (text: string) => onInput({ ...draft, [name]: text }),
    error: problem?.pointer === `/${name}` ? problem.message : undefined,
  });
  return html`
    <${Field} label="Name" required isFirst ...${field("name")} />
    <${PlacesField} draft=${draft} problem=${problem} onInput=${onInput} />
    <${Field} label="Origin" placeholder="http://10.0.0.5:8080" hint="Where requests that are let in are forwarded to. Empty: what GATEWAY_ORIGINS says for the host." ...${field("origin")} />
    <${Field} label="Session duration" placeholder="24h" hint="How long a JWT is good for: 30m, 24h, 168h. A policy may shorten it." ...${field("session_duration")} />
    <${Check} label="Answer browsers without a login 401, not 403" hint="Only matters when every policy is Service Auth." value=${draft.service_auth_401_redirect === true}
      onInput=${(isOn: boolean) => onInput({ ...draft, service_auth_401_redirect: isOn })} />`;
}

/** The text is kept as it is typed; what is written are its lines. */
function PlacesField({ draft, problem, onInput }: FieldsProps): VNode {
  const [text, setText] = useState(() => placesOf(draft).join("\n"));
  const isWrong = /^\/(?:destinations|domain)/.test(problem?.pointer ?? "");
  const type = (next: string) => {
    setText(next);
    const uris = next.split("\n").map((line) => line.trim());
    onInput({ ...draft, destinations: uris.filter((uri) => uri !== "").map((uri) => ({ type: "public", uri })) });
  };
  return html`<${TextArea} label="Served at" class="short" required rows="2" placeholder="stats.example.com/reports" value=${text} onInput=${type} error=${isWrong ? problem?.message : undefined}
    hint="One a line: a host, with a path to guard only a part of it. The most specific application wins." />`;
}

/** Whatever was written as JSON. */
function placesOf({ destinations }: { readonly destinations?: unknown }): readonly string[] {
  return Array.isArray(destinations) ? destinations.map((one) => String(one?.uri ?? "")) : [];
}

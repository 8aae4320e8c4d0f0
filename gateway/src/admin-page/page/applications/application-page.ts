import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type Application, deleteApplication, readApplication, revokeSessions } from "../api/applications.ts";
import { html } from "../html.ts";
import { Confirm } from "../kit/confirm.ts";
import { Copyable } from "../kit/copy-button.ts";
import { useResource } from "../kit/resource.ts";
import { Badge, Loaded } from "../kit/states.ts";
import { durationWords } from "../kit/times.ts";
import { toast } from "../kit/toasts.ts";
import { goTo, Link } from "../router.ts";
import { ApplicationDialog } from "./application-dialog.ts";
import { ApplicationPolicies } from "./application-policies.ts";

export function ApplicationPage({ id }: { id: string }): VNode {
  const resource = useResource((signal) => readApplication(id, signal), [id]);
  return html`<${Link} class="crumb" to="/applications">← Applications<//>
    <${Loaded} resource=${resource}>${(application: Application) => html`<${ApplicationDetails} application=${application} reload=${resource.reload} />`}<//>`;
}

type Asked = "edit" | "delete" | "revoke";

function ApplicationDetails({ application, reload }: { application: Application; reload: () => Promise<void> }): VNode {
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const isFixed = application.read_only;
  const saved = () => {
    toast("Saved. It is in force now.");
    void reload();
  };
  return html`<div class="head">
      <div><h1>${application.name}</h1><p>${application.domain} ${isFixed && html`<${Badge} tone="quiet">From the policy file<//>`}</p></div>
      <div class="actions">
        ${!isFixed && html`<button type="button" class="button" onClick=${() => setAsked("edit")}>Edit</button>`}
        <button type="button" class="button danger" onClick=${() => setAsked("revoke")}>Revoke all sessions</button>
        ${!isFixed && html`<button type="button" class="button danger" onClick=${() => setAsked("delete")}>Delete</button>`}
      </div>
    </div>
    ${isFixed && html`<p class="note card-gap">This application is written in the gateway’s policy file (<code>GATEWAY_POLICY_FILE</code>). Change it there; here it is only shown.</p>`}
    ${application.problems && html`<div class="problem card-gap" role="alert"><p>Not served as it stands: ${application.problems.join("; ")}</p></div>`}
    <section class="card" aria-label="About this application"><${Facts} application=${application} /></section>
    <${ApplicationPolicies} application=${application} onChanged=${reload} />
    ${asked === "edit" && html`<${ApplicationDialog} application=${application} onClose=${close} onSaved=${saved} />`}
    ${asked === "revoke" && html`<${RevokeSessions} application=${application} onClose=${close} />`}
    ${asked === "delete" && html`<${DeleteApplication} application=${application} onClose=${close} />`}`;
}

function Facts({ application }: { application: Application }): VNode {
  return html`<dl class="facts">
    <dt>Served at</dt><dd>${application.destinations.map(({ uri }) => html`<div key=${uri}>${uri}</div>`)}</dd>
    <dt>Forwarded to</dt><dd>${application.origin ? html`<code>${application.origin}</code>` : html`<span class="muted">what GATEWAY_ORIGINS says</span>`}</dd>
    <dt>Audience (aud)</dt><dd><${Copyable} text=${application.aud} label="the audience tag" /></dd>
    <dt>Session</dt><dd>${durationWords(application.session_duration)}</dd>
    <dt>In the log</dt><dd><${Link} to=${`/audit?application=${application.id}`}>Who was refused, and why<//></dd>
    <dt>Who gets in?</dt><dd><${Link} to=${`/tester?url=${encodeURIComponent(`https://${application.domain}`)}`}>Try a person or a token<//></dd>
  </dl>`;
}

function RevokeSessions({ application, onClose }: { application: Application; onClose: () => void }): VNode {
  const act = async () => {
    await revokeSessions(application.id);
    toast("All sessions are revoked.");
  };
  return html`<${Confirm} title=${`Revoke all sessions of “${application.name}”`} submit="Revoke all sessions" act=${act} onClose=${onClose}>
    <p>Every JWT of this application stops within a second, and open WebSockets are closed. Bots get a new one with their next request; people whose login goes on come back without noticing, the others log in again.</p>
  <//>`;
}

function DeleteApplication({ application, onClose }: { application: Application; onClose: () => void }): VNode {
  const act = async () => {
    await deleteApplication(application.id);
    toast(`“${application.name}” is deleted.`);
    goTo("/applications");
  };
  return html`<${Confirm} title=${`Delete “${application.name}”`} submit="Delete" typed=${application.name.trim()} act=${act} onClose=${onClose}>
    <p>Nobody reaches ${application.domain} any more, and its policies go with it. A new application gets another audience tag.</p>
  <//>`;
}

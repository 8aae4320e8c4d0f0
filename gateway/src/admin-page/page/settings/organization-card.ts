import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { changeOrganization, type Organization, readOrganization } from "../api/settings.ts";
import { html } from "../html.ts";
import { Check, Field } from "../kit/fields.ts";
import { useLeaveGuard } from "../kit/leave-guard.ts";
import { useResource } from "../kit/resource.ts";
import { Loaded } from "../kit/states.ts";
import { toast } from "../kit/toasts.ts";
import { useAction } from "../kit/use-action.ts";

export function OrganizationCard(): VNode {
  const organization = useResource(readOrganization, []);
  return html`<section class="card" aria-labelledby="organization">
    <div class="card-head"><h2 id="organization">Organization</h2></div>
    <${Loaded} resource=${organization}>${(saved: Organization) => html`<${OrganizationForm} saved=${saved} onSaved=${organization.reload} />`}<//>
  </section>`;
}

function OrganizationForm({ saved, onSaved }: { saved: Organization; onSaved: () => Promise<void> }): VNode {
  const [changes, setChanges] = useState<Partial<Organization>>({});
  const { isBusy, problem, run } = useAction();
  const draft = { ...saved, ...changes };
  const isDirty = Object.entries(changes).some(([name, value]) => saved[name] !== value);
  useLeaveGuard(isDirty, () => toast("There are changes here that are not saved."));
  const change = (next: Partial<Organization>) => setChanges({ ...changes, ...next });
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      await changeOrganization(changes);
      await onSaved();
      setChanges({});
      toast("Saved. It is in force now.");
    });
  };
  return html`<form class="settings-form" onSubmit=${submit}>
    <${Field} label="Name" required hint="People see it on the login page." value=${draft.name} onInput=${(name: string) => change({ name })} />
    <${Field} label="Session duration" required hint="How long one login serves for all applications: 24h, 168h." value=${draft.session_duration} onInput=${(session_duration: string) => change({ session_duration })} />
    <${Check} label="Strict service tokens" hint="The pair with every request, and no JWT to use again. Off: a bot may exchange its pair once and send the JWT." value=${draft.strict_service_token_auth} onInput=${(isOn: boolean) => change({ strict_service_token_auth: isOn })} />
    <${Check} label="Skip the login page" hint="Where only one identity provider may vouch, people are sent straight to it." value=${draft.auto_redirect_to_identity === true} onInput=${(isOn: boolean) => change({ auto_redirect_to_identity: isOn })} />
    ${problem && html`<p class="problem" role="alert">${problem.message}</p>`}
    <div class="actions">
      <button type="submit" class="button primary" disabled=${isBusy || !isDirty}>Save</button>
      ${isDirty && html`<button type="button" class="button" onClick=${() => setChanges({})}>Undo changes</button>`}
    </div>
  </form>`;
}

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type ActiveSession, listSessions, type Person, readPerson, revokePerson } from "../api/people.ts";
import { html } from "../html.ts";
import { When } from "../kit/clock.ts";
import { Confirm } from "../kit/confirm.ts";
import { useResource } from "../kit/resource.ts";
import { Loaded } from "../kit/states.ts";
import { toast } from "../kit/toasts.ts";
import { Link } from "../router.ts";
import { SessionTable } from "./session-table.ts";

/** One person: their logins, and ending them all. */
export function PersonPage({ id }: { id: string }): VNode {
  const person = useResource((signal) => readPerson(id, signal), [id]);
  const sessions = useResource((signal) => listSessions(id, signal), [id]);
  return html`<${Link} class="crumb" to="/people">← People and sessions<//>
    <${Loaded} resource=${person}>${(data: Person) => html`<${PersonHead} person=${data} onRevoked=${sessions.reload} />`}<//>
    <section class="card" aria-labelledby="sessions">
      <div class="card-head"><h2 id="sessions">Sessions</h2></div>
      <${Loaded} resource=${sessions}>${(items: readonly ActiveSession[]) => html`<${SessionTable} userId=${id} sessions=${items} onChanged=${sessions.reload} />`}<//>
    </section>`;
}

function PersonHead({ person, onRevoked }: { person: Person; onRevoked: () => Promise<void> }): VNode {
  const [isAsking, setAsking] = useState(false);
  const act = async () => {
    await revokePerson(person.email);
    toast(`${person.email} is logged out everywhere.`);
    await onRevoked();
  };
  return html`<div class="head">
      <div><h1>${person.name || person.email}</h1><p>${person.email}</p></div>
      <div class="actions"><button type="button" class="button danger" onClick=${() => setAsking(true)}>Revoke</button></div>
    </div>
    <section class="card card-gap" aria-label="About this person"><dl class="facts">
      <dt>First seen</dt><dd><${When} at=${person.created_at} /></dd>
      <dt>Last login</dt><dd><${When} at=${person.last_successful_login} /></dd>
      <dt>In the log</dt><dd><${Link} to=${`/audit?search=${encodeURIComponent(person.email)}`}>What happened<//></dd>
    </dl></section>
    ${
      isAsking &&
      html`<${Confirm} title=${`Revoke ${person.email}`} submit="Revoke" act=${act} onClose=${() => setAsking(false)}>
      <p>Every session of this person ends within a second, open WebSockets included. As long as the identity provider vouches for them and a policy lets them in, they can log in again.</p>
    <//>`
    }`;
}

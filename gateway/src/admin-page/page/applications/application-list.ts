import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type Application, listApplications } from "../api/applications.ts";
import type { Listing } from "../api/client.ts";
import { html } from "../html.ts";
import { Pager } from "../kit/pager.ts";
import { useResource } from "../kit/resource.ts";
import { SearchField } from "../kit/search-field.ts";
import { Badge, Empty, Loaded } from "../kit/states.ts";
import { counted } from "../kit/times.ts";
import { goTo, Link, type Place } from "../router.ts";
import { ApplicationDialog } from "./application-dialog.ts";

export function ApplicationList({ place: { query } }: { place: Place }): VNode {
  const search = query.get("search") ?? "";
  const page = Number(query.get("page") ?? 1);
  const [isCreating, setCreating] = useState(false);
  const listing = useResource((signal) => listApplications(search, page, signal), [search, page]);
  const create = html`<button type="button" class="button primary" onClick=${() => setCreating(true)}>New application</button>`;
  return html`<div class="head">
      <div><h1>Applications</h1><p>Web apps behind the gateway, each with the policies that say who gets in.</p></div>
      <div class="actions">${create}</div>
    </div>
    <div class="bar"><${SearchField} label="Search by name or domain" value=${search} /></div>
    <${Loaded} resource=${listing}>${(data: Listing<Application>) => html`<${ApplicationTable} listing=${data} search=${search} create=${create} />`}<//>
    ${isCreating && html`<${ApplicationDialog} onClose=${() => setCreating(false)} onSaved=${({ id }: Application) => goTo(`/applications/${id}`)} />`}`;
}

function ApplicationTable(props: { listing: Listing<Application>; search: string; create: VNode }): VNode {
  const { listing, search, create } = props;
  if (listing.items.length === 0 && search !== "") {
    return html`<${Empty} title=${`Nothing matches “${search}”`}><p>The search looks at names and domains.</p><//>`;
  }
  if (listing.items.length === 0) {
    return html`<${Empty} title="No applications yet">
      <p>An application is a host, or a part of one, that the gateway guards and forwards to an origin. Until a policy of it says otherwise, nobody gets in.</p>
      ${create}
    <//>`;
  }
  return html`<div class="table-card"><table class="stacks">
      <thead><tr><th scope="col">Name</th><th scope="col">Policies</th><th scope="col">Forwarded to</th><th scope="col"><span class="hidden">Where it comes from</span></th></tr></thead>
      <tbody>${listing.items.map((application) => html`<${ApplicationRow} key=${application.id} application=${application} />`)}</tbody>
    </table></div>
    <${Pager} listing=${listing} />`;
}

function ApplicationRow({ application }: { application: Application }): VNode {
  const count = application.policies.length;
  return html`<tr>
    <th scope="row"><${Link} to=${`/applications/${application.id}`}>${application.name}<//><small>${application.domain}</small></th>
    <td data-label="Policies">${count === 0 ? html`<${Badge} tone="warn">None: nobody gets in<//>` : counted(count, "policy").replace("policys", "policies")}</td>
    <td data-label="Forwarded to"><code>${application.origin ?? ""}</code></td>
    <td class="end">${application.read_only && html`<${Badge} tone="quiet">Policy file<//>`}</td>
  </tr>`;
}

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Listing } from "../api/client.ts";
import { listServiceTokens, type ServiceToken } from "../api/service-tokens.ts";
import { html } from "../html.ts";
import { Ago } from "../kit/clock.ts";
import { Pager } from "../kit/pager.ts";
import { useResource } from "../kit/resource.ts";
import { SearchField } from "../kit/search-field.ts";
import { Empty, Loaded } from "../kit/states.ts";
import { dayOf } from "../kit/times.ts";
import { Link, type Place } from "../router.ts";
import { CreateToken } from "./create-token.ts";
import { OverlapBadge, StateBadge } from "./state-badge.ts";

export function TokenList({ place: { query } }: { place: Place }): VNode {
  const search = query.get("search") ?? "";
  const page = Number(query.get("page") ?? 1);
  const [isCreating, setCreating] = useState(false);
  const listing = useResource((signal) => listServiceTokens(search, page, signal), [search, page]);
  const create = html`<button type="button" class="button primary" onClick=${() => setCreating(true)}>New service token</button>`;
  return html`<div class="head">
      <div><h1>Service tokens</h1><p>Passes for programs: a Client ID and a secret, let in wherever a Service Auth policy names them.</p></div>
      <div class="actions">${create}</div>
    </div>
    <div class="bar"><${SearchField} label="Search by name or Client ID" value=${search} /></div>
    <${Loaded} resource=${listing}>${(data: Listing<ServiceToken>) => html`<${TokenTable} listing=${data} search=${search} create=${create} />`}<//>
    ${isCreating && html`<${CreateToken} onClose=${() => setCreating(false)} onCreated=${listing.reload} />`}`;
}

function TokenTable(props: { listing: Listing<ServiceToken>; search: string; create: VNode }): VNode {
  const { listing, search, create } = props;
  if (listing.items.length === 0 && search !== "") {
    return html`<${Empty} title=${`Nothing matches “${search}”`}><p>The search looks at names and Client IDs.</p><//>`;
  }
  if (listing.items.length === 0) {
    return html`<${Empty} title="No service tokens yet">
      <p>A bot or a script that has no person behind it shows a service token instead of logging in. Make one, give the pair to the bot, and name the token in a Service Auth policy of the application it asks.</p>
      ${create}
    <//>`;
  }
  return html`<div class="table-card"><table class="stacks">
      <thead><tr><th scope="col">Name</th><th scope="col">State</th><th scope="col">Expires</th><th scope="col">Last used</th></tr></thead>
      <tbody>${listing.items.map((token) => html`<${TokenRow} key=${token.id} token=${token} />`)}</tbody>
    </table></div>
    <${Pager} listing=${listing} />`;
}

function TokenRow({ token }: { token: ServiceToken }): VNode {
  return html`<tr>
    <th scope="row"><${Link} to=${`/service-tokens/${token.id}`}>${token.name}<//><small><code>${token.client_id}</code></small></th>
    <td data-label="State"><span><${StateBadge} token=${token} /> <${OverlapBadge} token=${token} /></span></td>
    <td data-label="Expires"><span><${Ago} at=${token.expires_at} />${token.expires_at !== null && html`<small>${dayOf(token.expires_at)}</small>`}</span></td>
    <td data-label="Last used"><${Ago} at=${token.last_seen_at} never="not yet" /></td>
  </tr>`;
}

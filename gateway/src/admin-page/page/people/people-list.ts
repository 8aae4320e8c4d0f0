import type { VNode } from "preact";
import type { Listing } from "../api/client.ts";
import { listPeople, type Person } from "../api/people.ts";
import { html } from "../html.ts";
import { Ago } from "../kit/clock.ts";
import { Pager } from "../kit/pager.ts";
import { useResource } from "../kit/resource.ts";
import { SearchField } from "../kit/search-field.ts";
import { Badge, Empty, Loaded } from "../kit/states.ts";
import { counted } from "../kit/times.ts";
import { Link, type Place } from "../router.ts";

/** Everybody who has logged in. */
export function PeopleList({ place: { query } }: { place: Place }): VNode {
  const search = query.get("search") ?? "";
  const page = Number(query.get("page") ?? 1);
  const listing = useResource((signal) => listPeople(search, page, signal), [search, page]);
  return html`<div class="head"><div><h1>People and sessions</h1><p>Who has logged in, since when, and from where. Who may get in is said by the applications’ policies.</p></div></div>
    <div class="bar"><${SearchField} label="Search by name or e-mail" value=${search} /></div>
    <${Loaded} resource=${listing}>${(data: Listing<Person>) => html`<${PeopleTable} listing=${data} search=${search} />`}<//>`;
}

function PeopleTable({ listing, search }: { listing: Listing<Person>; search: string }): VNode {
  if (listing.items.length === 0 && search !== "") return html`<${Empty} title=${`Nobody matches “${search}”`} />`;
  if (listing.items.length === 0) {
    return html`<${Empty} title="Nobody has logged in yet"><p>People appear here with their first login. They need an identity provider, and an Allow policy that lets them in.</p><//>`;
  }
  const rows = listing.items.map(
    (person) => html`<tr key=${person.id}>
      <th scope="row"><${Link} to=${`/people/${encodeURIComponent(person.id)}`}>${person.name || person.email}<//><small>${person.email}</small></th>
      <td data-label="Sessions">${person.active_session_count > 0 ? html`<${Badge} tone="good">${counted(person.active_session_count, "session")}<//>` : html`<span class="muted">logged out</span>`}</td>
      <td data-label="Last login"><${Ago} at=${person.last_successful_login} /></td>
    </tr>`,
  );
  return html`<div class="table-card"><table class="stacks">
      <thead><tr><th scope="col">Person</th><th scope="col">Sessions</th><th scope="col">Last login</th></tr></thead>
      <tbody>${rows}</tbody>
    </table></div>
    <${Pager} listing=${listing} />`;
}

import type { VNode } from "preact";
import { html } from "../html.ts";
import type { Place } from "../router.ts";
import { PeopleList } from "./people-list.ts";
import { PersonPage } from "./person-page.ts";

export function People({ place }: { place: Place }): VNode {
  return place.id === "" ? html`<${PeopleList} place=${place} />` : html`<${PersonPage} id=${place.id} />`;
}

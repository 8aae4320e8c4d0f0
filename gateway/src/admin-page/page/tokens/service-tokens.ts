import type { VNode } from "preact";
import { html } from "../html.ts";
import type { Place } from "../router.ts";
import { TokenList } from "./token-list.ts";
import { TokenPage } from "./token-page.ts";

export function ServiceTokens({ place }: { place: Place }): VNode {
  return place.id === "" ? html`<${TokenList} place=${place} />` : html`<${TokenPage} id=${place.id} />`;
}

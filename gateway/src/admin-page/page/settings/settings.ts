import type { VNode } from "preact";
import { html } from "../html.ts";
import { OrganizationCard } from "./organization-card.ts";
import { SigningKeys } from "./signing-keys.ts";

export function Settings(): VNode {
  return html`<div class="head"><div><h1>Keys and settings</h1><p>What holds for the whole gateway.</p></div></div>
    <${SigningKeys} />
    <${OrganizationCard} />`;
}

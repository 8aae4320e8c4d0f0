import type { VNode } from "preact";
import type { Me } from "./api.ts";
import { html } from "./html.ts";

/** Who is logged in, and the way out. */
export function Account({ me }: { me: Me }): VNode {
  const [name, detail] = me.kind === "person" ? [me.name, me.email] : ["Service token", me.clientId];
  const initials = name
    .split(/[\s.@]+/)
    .slice(0, 2)
    .map((part) => part.charAt(0).toUpperCase())
    .join("");
  return html`<div class="account">
    <span class="avatar" aria-hidden="true">${initials}</span>
    <span class="account-name" title=${detail}>${name}</span>
    <a class="quiet-link" href="/cdn-cgi/access/logout">Log out</a>
  </div>`;
}

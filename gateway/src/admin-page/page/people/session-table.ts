import type { VNode } from "preact";
import { type ActiveSession, readSessionIdentity, type SessionIdentity } from "../api/people.ts";
import { html } from "../html.ts";
import { Ago } from "../kit/clock.ts";
import { useResource } from "../kit/resource.ts";

export function SessionTable({ userId, sessions }: { userId: string; sessions: readonly ActiveSession[] }): VNode {
  if (sessions.length === 0) return html`<p class="muted">Not logged in at the moment.</p>`;
  const rows = sessions.map(
    (session) => html`<${SessionRow} key=${session.metadata.nonce} userId=${userId} session=${session} />`,
  );
  return html`<table class="stacks">
    <thead><tr><th scope="col">Logged in</th><th scope="col">From</th><th scope="col">Ends</th></tr></thead>
    <tbody>${rows}</tbody>
  </table>`;
}

function SessionRow({ userId, session }: { userId: string; session: ActiveSession }): VNode {
  const { nonce, iat, expires } = session.metadata;
  const { data } = useResource<SessionIdentity>(
    (signal) => readSessionIdentity(userId, nonce, signal),
    [userId, nonce],
  );
  return html`<tr>
    <th scope="row"><${Ago} at=${instantOf(iat)} /></th>
    <td data-label="From">${data?.ip ?? "…"}</td>
    <td data-label="Ends"><${Ago} at=${instantOf(expires)} /></td>
  </tr>`;
}

function instantOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

import type { VNode } from "preact";
import { type ActiveSession, revokeSession } from "../api/people.ts";
import { html } from "../html.ts";
import { Ago } from "../kit/clock.ts";
import { toast } from "../kit/toasts.ts";
import { useAction } from "../kit/use-action.ts";
import { browserWords } from "./browser-words.ts";

/** A person's logins, each with a way to end it. */
export function SessionTable(props: {
  readonly userId: string;
  readonly sessions: readonly ActiveSession[];
  readonly onChanged: () => Promise<void>;
}): VNode {
  const { userId, sessions, onChanged } = props;
  const { isBusy, problem, run } = useAction();
  if (sessions.length === 0) return html`<p class="muted">Not logged in at the moment.</p>`;
  const end = (nonce: string) =>
    void run(async () => {
      await revokeSession(userId, nonce);
      toast("The session has ended.");
      await onChanged();
    });
  const rows = sessions.map(
    ({ metadata: { nonce, iat, expires }, ip, user_agent }) => html`<tr key=${nonce}>
      <th scope="row"><${Ago} at=${instantOf(iat)} /></th>
      <td data-label="From">${ip}</td>
      <td data-label="With" title=${user_agent}>${browserWords(user_agent)}</td>
      <td data-label="Ends"><${Ago} at=${instantOf(expires)} /></td>
      <td class="end"><button type="button" class="button small danger" disabled=${isBusy} aria-label=${`End the session from ${ip}`} onClick=${() => end(nonce)}>End</button></td>
    </tr>`,
  );
  return html`${problem && html`<p class="problem" role="alert">${problem.message}</p>`}
    <table class="stacks">
      <thead><tr><th scope="col">Logged in</th><th scope="col">From</th><th scope="col">With</th><th scope="col">Ends</th><th scope="col"><span class="hidden">Actions</span></th></tr></thead>
      <tbody>${rows}</tbody>
    </table>`;
}

function instantOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

import type { VNode } from "preact";
import { changeServiceToken, type SecretVersion, type ServiceToken } from "../api/service-tokens.ts";
import { html } from "../html.ts";
import { Ago, useNow } from "../kit/clock.ts";
import { Badge } from "../kit/states.ts";
import { toast } from "../kit/toasts.ts";
import { useAction } from "../kit/use-action.ts";
import { currentSecret, isOldInUse, liveOldSecret } from "./token-state.ts";

/** Who still uses the old secret: each version with its last use and its end. */
export function SecretVersions({ token, onChanged }: { token: ServiceToken; onChanged: () => Promise<void> }): VNode {
  const now = useNow();
  const old = liveOldSecret(token, now);
  const { isBusy, problem, run } = useAction();
  const endNow = () =>
    void run(async () => {
      // The moment of the rotation: in the past by the gateway's clock, whatever this computer's says.
      const endedAt = currentSecret(token)?.created_at ?? token.updated_at;
      await changeServiceToken(token.id, { previous_client_secret_expires_at: endedAt });
      toast("The old secret has stopped.");
      await onChanged();
    });
  return html`<section class="card" aria-labelledby="secrets">
    <div class="card-head">
      <h2 id="secrets">Secrets</h2>
      ${old !== undefined && html`<button type="button" class="button" disabled=${isBusy} onClick=${endNow}>End the overlap now</button>`}
    </div>
    ${old !== undefined && html`<p class=${isOldInUse(token, old) ? "note warn" : "note"}>${adviceFor(token, old)}</p>`}
    ${problem && html`<p class="problem" role="alert">${problem.message}</p>`}
    <table class="stacks">
      <thead><tr><th scope="col">Version</th><th scope="col">Made</th><th scope="col">Last used</th><th scope="col">Ends</th></tr></thead>
      <tbody>${token.client_secrets.map((secret) => html`<${SecretRow} key=${secret.version} secret=${secret} rotatedAt=${currentSecret(token)?.created_at} nowMs=${now} />`)}</tbody>
    </table>
  </section>`;
}

function adviceFor(token: ServiceToken, old: SecretVersion): VNode {
  if (isOldInUse(token, old)) {
    return html`<span>The old secret was used <${Ago} at=${old.last_seen_at} />, after the new one was made: somebody has yet to change to the new one.</span>`;
  }
  return html`<span>Nobody has used the old secret since the new one was made. When every bot has the new one, end the overlap.</span>`;
}

function SecretRow(props: { secret: SecretVersion; rotatedAt: string | undefined; nowMs: number }): VNode {
  const { secret, rotatedAt, nowMs } = props;
  const isCurrent = secret.expires_at === null;
  const isOver = secret.expires_at !== null && Date.parse(secret.expires_at) <= nowMs;
  const badge = isCurrent ? ["good", "Current"] : isOver ? ["quiet", "Ended"] : ["accent", "Old, still works"];
  return html`<tr>
    <th scope="row">${secret.version} <${Badge} tone=${badge[0]}>${badge[1]}<//></th>
    <td data-label="Made"><${Ago} at=${secret.created_at} /></td>
    <td data-label="Last used"><${Ago} at=${secret.last_seen_at} never="not yet" /></td>
    <td data-label="Ends">${endOf(secret, rotatedAt)}</td>
  </tr>`;
}

function endOf({ expires_at }: SecretVersion, rotatedAt: string | undefined): VNode {
  if (expires_at === null) return html`<span class="muted">with the token</span>`;
  if (expires_at === rotatedAt) return html`<span class="muted">stopped at once</span>`;
  return html`<${Ago} at=${expires_at} />`;
}

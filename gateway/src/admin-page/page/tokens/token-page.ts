import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { changeServiceToken, readServiceToken, refreshServiceToken, type ServiceToken } from "../api/service-tokens.ts";
import { html } from "../html.ts";
import { When } from "../kit/clock.ts";
import { Copyable } from "../kit/copy-button.ts";
import { useResource } from "../kit/resource.ts";
import { Loaded } from "../kit/states.ts";
import { durationWords } from "../kit/times.ts";
import { toast } from "../kit/toasts.ts";
import { useAction } from "../kit/use-action.ts";
import { goTo, Link } from "../router.ts";
import { DeleteToken } from "./delete-token.ts";
import { EditToken } from "./edit-token.ts";
import { RotateToken } from "./rotate-token.ts";
import { SecretVersions } from "./secret-versions.ts";
import { StateBadge } from "./state-badge.ts";

export function TokenPage({ id }: { id: string }): VNode {
  const resource = useResource((signal) => readServiceToken(id, signal), [id]);
  return html`<${Link} class="crumb" to="/service-tokens">← Service tokens<//>
    <${Loaded} resource=${resource}>${(token: ServiceToken) => html`<${TokenDetails} token=${token} reload=${resource.reload} />`}<//>`;
}

type Asked = "rotate" | "edit" | "delete";

function TokenDetails({ token, reload }: { token: ServiceToken; reload: () => Promise<void> }): VNode {
  const [asked, setAsked] = useState<Asked>();
  const { isBusy, problem, run } = useAction();
  const close = () => setAsked(undefined);
  const change = (act: () => Promise<unknown>, words: string) =>
    void run(async () => {
      await act();
      await reload();
      toast(words);
    });
  const setEnabled = (enabled: boolean) =>
    change(
      () => changeServiceToken(token.id, { enabled }),
      enabled ? "Enabled: it works again." : "Disabled: nobody gets in with it any more.",
    );
  const refresh = () => change(() => refreshServiceToken(token.id), "Extended.");
  return html`<div class="head">
      <div><h1>${token.name}</h1><p><${StateBadge} token=${token} /></p></div>
      <div class="actions">
        <button type="button" class="button primary" onClick=${() => setAsked("rotate")}>Rotate secret</button>
        ${token.expires_at !== null && html`<button type="button" class="button" disabled=${isBusy} title="The full life again, from now" onClick=${refresh}>Extend</button>`}
        <button type="button" class="button" onClick=${() => setAsked("edit")}>Edit</button>
        <button type="button" class="button" disabled=${isBusy} onClick=${() => setEnabled(!token.enabled)}>${token.enabled ? "Disable" : "Enable"}</button>
        <button type="button" class="button danger" onClick=${() => setAsked("delete")}>Delete</button>
      </div>
    </div>
    ${problem && html`<p class="problem" role="alert">${problem.message}</p>`}
    <section class="card" aria-label="About this token"><${Facts} token=${token} /></section>
    <${SecretVersions} token=${token} onChanged=${reload} />
    ${asked === "rotate" && html`<${RotateToken} token=${token} onClose=${close} onRotated=${reload} />`}
    ${asked === "edit" && html`<${EditToken} token=${token} onClose=${close} onChanged=${reload} />`}
    ${asked === "delete" && html`<${DeleteToken} token=${token} onClose=${close} onDeleted=${() => goTo("/service-tokens")} />`}`;
}

function Facts({ token }: { token: ServiceToken }): VNode {
  return html`<dl class="facts">
    <dt>Client ID</dt><dd><${Copyable} text=${token.client_id} label="the Client ID" /></dd>
    <dt>ID in policies</dt><dd><${Copyable} text=${token.id} label="the ID" /></dd>
    <dt>Expires</dt><dd><${When} at=${token.expires_at} /> <span class="muted">(made for ${durationWords(token.duration)})</span></dd>
    <dt>Last used</dt><dd><${When} at=${token.last_seen_at} never="not yet" /></dd>
    <dt>Made</dt><dd><${When} at=${token.created_at} /></dd>
    <dt>Changed</dt><dd><${When} at=${token.updated_at} /></dd>
    <dt>In the log</dt><dd><${Link} to=${`/audit?search=${encodeURIComponent(token.client_id)}`}>What it was refused, and what it did<//></dd>
  </dl>`;
}

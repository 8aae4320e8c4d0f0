import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { deleteIdentityProvider, type IdentityProvider, listIdentityProviders } from "../api/identity-providers.ts";
import { html } from "../html.ts";
import { Confirm } from "../kit/confirm.ts";
import { Copyable } from "../kit/copy-button.ts";
import { useResource } from "../kit/resource.ts";
import { Badge, Empty, Loaded } from "../kit/states.ts";
import { toast } from "../kit/toasts.ts";
import { ProviderDialog } from "./provider-dialog.ts";

type Asked = { readonly act: "edit" | "delete"; readonly provider: IdentityProvider } | { readonly act: "add" };

/** Who vouches for people. */
export function IdentityProviders(): VNode {
  const providers = useResource(listIdentityProviders, []);
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const done = async (words: string) => {
    close();
    toast(words);
    await providers.reload();
  };
  const add = html`<button type="button" class="button primary" onClick=${() => setAsked({ act: "add" })}>Add a provider</button>`;
  return html`<div class="head">
      <div><h1>Identity providers</h1><p>Where people log in: any OpenID Connect provider, such as Entra ID, Okta, Google or Keycloak.</p></div>
      <div class="actions">${add}</div>
    </div>
    <${Loaded} resource=${providers}>${(items: readonly IdentityProvider[]) =>
      items.length === 0
        ? html`<${Empty} title="Nobody can log in yet"><p>Register the gateway as an application at your identity provider, then give its issuer, client id and secret here. Service tokens work without one.</p>${add}<//>`
        : html`<section class="card" aria-label="Identity providers"><ul class="policies">${items.map(
            (provider) => html`<${ProviderItem} key=${provider.id} provider=${provider} onAsk=${setAsked} />`,
          )}</ul></section>`}<//>
    ${(asked?.act === "add" || asked?.act === "edit") && html`<${ProviderDialog} provider=${asked.act === "edit" ? asked.provider : undefined} onClose=${close} onSaved=${() => done("Saved. People can log in with it now.")} />`}
    ${
      asked?.act === "delete" &&
      html`<${Confirm} title=${`Delete “${asked.provider.name}”`} submit="Delete" onClose=${close} act=${async () => {
        await deleteIdentityProvider(asked.provider.id);
        await done(`“${asked.provider.name}” is deleted.`);
      }}><p>Nobody can log in with it any more.</p><//>`
    }`;
}

function ProviderItem({ provider, onAsk }: { provider: IdentityProvider; onAsk: (asked: Asked) => void }): VNode {
  const { config } = provider;
  return html`<li class="policy">
    <div class="policy-text">
      <p><strong>${provider.name}</strong> ${provider.read_only && html`<${Badge} tone="quiet">From the environment<//>`}</p>
      <p class="policy-words">${String(config["issuer"] ?? "")}</p>
      <p class="policy-words">Redirect URI: <${Copyable} text=${String(config["redirect_url"] ?? "")} label="the redirect URI" /></p>
      <p class="policy-words">ID: <${Copyable} text=${provider.id} label="the ID" /></p>
      ${provider.problems?.map((problem) => html`<p class="field-error" key=${problem}>${problem}</p>`)}
    </div>
    ${
      !provider.read_only &&
      html`<div class="actions">
      <button type="button" class="button small" aria-label=${`Edit ${provider.name}`} onClick=${() => onAsk({ act: "edit", provider })}>Edit</button>
      <button type="button" class="button small danger" aria-label=${`Delete ${provider.name}`} onClick=${() => onAsk({ act: "delete", provider })}>Delete</button>
    </div>`
    }
  </li>`;
}

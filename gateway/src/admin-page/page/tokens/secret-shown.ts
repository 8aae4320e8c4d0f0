import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ServiceTokenWithSecret } from "../api/service-tokens.ts";
import { html } from "../html.ts";
import { CopyButton } from "../kit/copy-button.ts";
import { SNIPPETS } from "./snippets.ts";

/** The pair, the only time it can be seen. Whoever renders this drops the secret when it closes. */
export function SecretShown({ token, onClose }: { token: ServiceTokenWithSecret; onClose: () => void }): VNode {
  const [title, setTitle] = useState(SNIPPETS[0]?.title);
  const note = useRef<HTMLParagraphElement>(null);
  // The button that was pressed is gone: the keyboard goes on here, and the warning is read out.
  useEffect(() => note.current?.focus(), []);
  const pair = { clientId: token.client_id, clientSecret: token.client_secret };
  const text = SNIPPETS.find((one) => one.title === title)?.text(pair) ?? "";
  const tabs = SNIPPETS.map(
    (one) =>
      html`<button type="button" key=${one.title} aria-pressed=${one.title === title} onClick=${() => setTitle(one.title)}>${one.title}</button>`,
  );
  return html`<div class="dialog-body">
      <p class="note warn" ref=${note} tabindex="-1">Copy the secret now: it is shown only this once, and cannot be looked up later.</p>
      <div class="secret"><span class="field-label">Client ID</span><div class="secret-value"><code>${pair.clientId}</code><${CopyButton} text=${pair.clientId} label="the Client ID" /></div></div>
      <div class="secret"><span class="field-label">Client Secret</span><div class="secret-value"><code data-secret>${pair.clientSecret}</code><${CopyButton} text=${pair.clientSecret} label="the Client Secret" /></div></div>
      <div class="secret">
        <div class="tabs" role="group" aria-label="Ready to paste">${tabs}</div>
        <div class="snippet"><pre tabindex="0" aria-label=${`${title} to paste`}>${text}</pre><${CopyButton} text=${text} label=${`as ${title}`} /></div>
      </div>
    </div>
    <footer class="dialog-foot"><button type="button" class="button primary" onClick=${onClose}>I have copied it</button></footer>`;
}

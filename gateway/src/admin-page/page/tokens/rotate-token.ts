import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { rotateServiceToken, type ServiceToken, type ServiceTokenWithSecret } from "../api/service-tokens.ts";
import { html } from "../html.ts";
import { useNow } from "../kit/clock.ts";
import { Dialog, DialogForm } from "../kit/dialog.ts";
import { RadioCards } from "../kit/radio-cards.ts";
import { useAction } from "../kit/use-action.ts";
import { DEFAULT_OVERLAP, OVERLAPS, overlapEnd } from "./durations.ts";
import { SecretShown } from "./secret-shown.ts";
import { liveOldSecret } from "./token-state.ts";

/** Makes a new secret, after asking how long the old one goes on. */
export function RotateToken(props: { token: ServiceToken; onClose: () => void; onRotated: () => void }): VNode {
  const { token, onClose, onRotated } = props;
  const [hours, setHours] = useState(DEFAULT_OVERLAP);
  const [rotated, setRotated] = useState<ServiceTokenWithSecret>();
  const { isBusy, problem, run } = useAction();
  const oldest = liveOldSecret(token, useNow());
  const submit = () =>
    void run(async () => {
      const isRetry = problem?.isAnswerLost ?? false;
      setRotated(await rotateServiceToken(token.id, overlapEnd(hours, Date.now()), isRetry));
      onRotated();
    });
  const title = rotated === undefined ? `Rotate “${token.name}”` : `New secret of “${token.name}”`;
  return html`<${Dialog} title=${title} onClose=${onClose} isWide=${rotated !== undefined}>
    ${
      rotated === undefined
        ? html`<${DialogForm} submit="Rotate" isBusy=${isBusy} problem=${problem} onSubmit=${submit} onClose=${onClose}>
            <p>The Client ID stays; a new secret is made and shown once.</p>
            <${RadioCards} label="The old secret goes on for" value=${hours} choices=${OVERLAPS} onInput=${setHours} />
            ${oldest !== undefined && html`<p class="note warn">Secret ${oldest.version}, from before the last rotation, still works. It stops at once when you rotate again: only two secrets work at a time.</p>`}
          <//>`
        : html`<${SecretShown} token=${rotated} onClose=${onClose} />`
    }
  <//>`;
}

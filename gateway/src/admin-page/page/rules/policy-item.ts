import type { VNode } from "preact";
import type { Policy } from "../api/policies.ts";
import { html } from "../html.ts";
import { Badge } from "../kit/states.ts";
import { DECISIONS, policyWords } from "./policy-words.ts";
import type { Names } from "./rule.ts";

const TONES = { allow: "good", non_identity: "accent", deny: "bad", bypass: "warn" } as const;

/** One policy in plain words. */
export function PolicyItem(props: {
  readonly policy: Policy;
  readonly number?: number;
  readonly names: Names;
  readonly onEdit?: (() => void) | undefined;
  readonly onRemove?: (() => void) | undefined;
}): VNode {
  const { policy, number, names, onEdit, onRemove } = props;
  const tone = TONES[policy.decision as keyof typeof TONES] ?? "quiet";
  return html`<li class="policy">
    ${number !== undefined && html`<span class="policy-number" aria-hidden="true">${number}</span>`}
    <div class="policy-text">
      <p><strong>${policy.name}</strong> <${Badge} tone=${tone}>${DECISIONS[policy.decision]?.title ?? policy.decision}<//> ${policy.reusable && html`<${Badge} tone="quiet">Reusable<//>`}</p>
      <p class="policy-words">${policyWords(policy, names)}.</p>
    </div>
    <div class="actions">
      ${onEdit && html`<button type="button" class="button small" aria-label=${`Edit ${policy.name}`} onClick=${onEdit}>Edit</button>`}
      ${onRemove && html`<button type="button" class="button small danger" aria-label=${`Remove ${policy.name}`} onClick=${onRemove}>Remove</button>`}
    </div>
  </li>`;
}

import type { VNode } from "preact";
import type { Policy } from "../api/policies.ts";
import { html } from "../html.ts";
import { Badge } from "../kit/states.ts";
import { counted } from "../kit/times.ts";
import { DECISIONS, policyWords } from "./policy-words.ts";
import type { Names } from "./rule.ts";

const TONES = { allow: "good", non_identity: "accent", deny: "bad", bypass: "warn" } as const;

interface PolicyItemProps {
  readonly policy: Policy;
  /** Its place in the order of evaluation. */
  readonly number?: number;
  readonly names: Names;
  readonly onEdit?: (() => void) | undefined;
  readonly onRemove?: (() => void) | undefined;
  /** What its button says. Default `Remove`. */
  readonly removal?: string;
  readonly onUp?: (() => void) | undefined;
  readonly onDown?: (() => void) | undefined;
}

/** One policy in plain words. */
export function PolicyItem({ policy, number, names, ...actions }: PolicyItemProps): VNode {
  const tone = TONES[policy.decision as keyof typeof TONES] ?? "quiet";
  const uses = policy.app_count === undefined ? "" : `, used by ${counted(policy.app_count, "application")}`;
  return html`<li class="policy">
    ${number !== undefined && html`<span class="policy-number" aria-hidden="true">${number}</span>`}
    <div class="policy-text">
      <p><strong>${policy.name}</strong> <${Badge} tone=${tone}>${DECISIONS[policy.decision]?.title ?? policy.decision}<//> ${policy.reusable && html`<${Badge} tone="quiet">Reusable${uses}<//>`}</p>
      <p class="policy-words">${policyWords(policy, names)}.</p>
      ${policy.problems?.map((problem) => html`<p class="field-error" key=${problem}>${problem}</p>`)}
    </div>
    <${Actions} name=${policy.name} ...${actions} />
  </li>`;
}

function Actions({
  name,
  onEdit,
  onRemove,
  removal = "Remove",
  onUp,
  onDown,
}: Omit<PolicyItemProps, "policy" | "names"> & { name: string }) {
  const button = (words: string, act: (() => void) | undefined, tone = "") =>
    act &&
    html`<button type="button" class=${`button small ${tone}`} aria-label=${`${words} ${name}`} onClick=${act}>${words}</button>`;
  return html`<div class="actions">
    ${onUp && html`<button type="button" class="icon-button" aria-label=${`Move ${name} up`} title="Look at it earlier" onClick=${onUp}>↑</button>`}
    ${onDown && html`<button type="button" class="icon-button" aria-label=${`Move ${name} down`} title="Look at it later" onClick=${onDown}>↓</button>`}
    ${button("Edit", onEdit)}${button(removal, onRemove, "danger")}
  </div>`;
}

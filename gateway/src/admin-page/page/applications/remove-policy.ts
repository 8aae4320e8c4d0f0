import type { VNode } from "preact";
import type { Application } from "../api/applications.ts";
import { deletePolicy, type Policy, policiesPath } from "../api/policies.ts";
import { html } from "../html.ts";
import { Confirm } from "../kit/confirm.ts";

/** Takes a policy away from an application. A reusable one stays for the others. */
export function RemovePolicy(props: {
  readonly application: Application;
  readonly policy: Policy;
  readonly onClose: () => void;
  readonly onTaken: () => Promise<void>;
  readonly onRemoved: () => Promise<void>;
}): VNode {
  const { application, policy, onClose, onTaken, onRemoved } = props;
  const remove = async () => {
    await deletePolicy(policiesPath(application.id), policy.id);
    await onRemoved();
  };
  return html`<${Confirm} title=${`Remove “${policy.name}”`} submit="Remove" act=${policy.reusable ? onTaken : remove} onClose=${onClose}>
    <p>${policy.reusable ? "This application no longer uses it; it stays for the others." : "The policy is deleted."} Whoever got in by this policy alone is kept out at once.</p>
  <//>`;
}

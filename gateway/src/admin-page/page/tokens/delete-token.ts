import type { VNode } from "preact";
import { deleteServiceToken, type ServiceToken } from "../api/service-tokens.ts";
import { html } from "../html.ts";
import { Confirm } from "../kit/confirm.ts";
import { toast } from "../kit/toasts.ts";

/** Asks for the name; when policies still name the token, the refusal says which. */
export function DeleteToken(props: { token: ServiceToken; onClose: () => void; onDeleted: () => void }): VNode {
  const { token, onClose, onDeleted } = props;
  const act = async () => {
    await deleteServiceToken(token.id);
    toast(`“${token.name}” is deleted.`);
    onDeleted();
  };
  return html`<${Confirm} title=${`Delete “${token.name}”`} submit="Delete" typed=${token.name.trim()} act=${act} onClose=${onClose}>
    <p>Whoever uses it is locked out within a second, for good: a deleted token cannot be brought back. To stop it for a while, disable it.</p>
  <//>`;
}

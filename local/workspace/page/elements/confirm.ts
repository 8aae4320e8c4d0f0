import type { ConfirmationDialog } from "@slack/types";
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { PlainOrMrkdwn } from "../blocks/text-object.ts";
import { html } from "../html.ts";

/** Asks before doing, where the app wants it: gives the function to call, and the dialog to show meanwhile. */
export function useConfirm(confirm: unknown, run: (values: readonly string[]) => void) {
  const [waiting, setWaiting] = useState<readonly string[] | null>(null);
  const request = (values: readonly string[] = []) => (confirm === undefined ? run(values) : setWaiting(values));
  const close = (isYes: boolean) => {
    if (isYes && waiting !== null) run(waiting);
    setWaiting(null);
  };
  const dialog = waiting === null ? null : html`<${ConfirmDialog} confirm=${confirm} onClose=${close} />`;
  return { request, dialog };
}

function ConfirmDialog({
  confirm,
  onClose,
}: {
  confirm: ConfirmationDialog;
  onClose: (isYes: boolean) => void;
}): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const title = confirm.title?.text ?? "Are you sure?";
  const style = confirm.style === "danger" ? "danger" : "primary";
  return html`<dialog ref=${dialog} class="modal small" aria-label=${title} onCancel=${() => onClose(false)}>
    <header class="modal-head"><h2>${title}</h2></header>
    <div class="modal-body"><${PlainOrMrkdwn} text=${confirm.text} /></div>
    <footer class="modal-foot">
      <button type="button" class="button" onClick=${() => onClose(false)}>${confirm.deny?.text ?? "Cancel"}</button>
      <button type="button" class="button ${style}" onClick=${() => onClose(true)}>${confirm.confirm?.text ?? "Yes"}</button>
    </footer>
  </dialog>`;
}

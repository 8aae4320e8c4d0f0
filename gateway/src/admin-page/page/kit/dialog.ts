import type { ComponentChildren, VNode } from "preact";
import { useCallback, useEffect, useId, useRef, useState } from "preact/hooks";
import { html } from "../html.ts";
import { useLeaveGuard } from "./leave-guard.ts";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Whether something was typed that closing would lose: then Escape asks first. */
  readonly isDirty?: boolean;
  readonly isWide?: boolean;
  readonly children?: ComponentChildren;
}

/** The browser's own modal: the rest of the page is out of reach, and the focus returns to where it was. */
export function Dialog({ title, onClose, isDirty = false, isWide = false, children }: DialogProps): VNode {
  const frame = useRef<HTMLDialogElement>(null);
  const [isAsking, setAsking] = useState(false);
  const titleId = useId();
  useModal(frame);
  useLeaveGuard(
    isDirty,
    useCallback(() => setAsking(true), []),
  );
  const close = () => (isDirty ? setAsking(true) : onClose());
  const onCancel = (event: Event) => {
    event.preventDefault();
    close();
  };
  // Browsers let a page hold back one Escape; the next closes the dialog, whatever it says.
  const onClosed = () => {
    if (frame.current?.isConnected !== true) return;
    if (isDirty) frame.current.showModal();
    close();
  };
  return html`<dialog ref=${frame} class=${isWide ? "dialog wide" : "dialog"} aria-labelledby=${titleId} onCancel=${onCancel} onClose=${onClosed}>
    <header class="dialog-head">
      <h2 id=${titleId}>${title}</h2>
      <button type="button" class="icon-button" aria-label="Close" onClick=${close}>✕</button>
    </header>
    ${isAsking && html`<${DiscardQuestion} onKeep=${() => setAsking(false)} onDiscard=${onClose} />`}
    ${children}
  </dialog>`;
}

function useModal(frame: { readonly current: HTMLDialogElement | null }): void {
  useEffect(() => {
    const before = document.activeElement;
    const dialog = frame.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}

function DiscardQuestion({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }): VNode {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return html`<div class="question" role="alertdialog" aria-label="Discard what you typed?">
    <p>Discard what you typed?</p>
    <button type="button" class="button" ref=${keep} onClick=${onKeep}>Keep editing</button>
    <button type="button" class="button danger" onClick=${onDiscard}>Discard</button>
  </div>`;
}

/** A dialog's content that is sent: fields, what went wrong, and the buttons. */
export function DialogForm(props: {
  readonly submit: string;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly isBusy: boolean;
  readonly isDangerous?: boolean;
  readonly isDisabled?: boolean;
  readonly problem?: Error | undefined;
  readonly children?: ComponentChildren;
}): VNode {
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (!props.isBusy && props.isDisabled !== true) props.onSubmit();
  };
  return html`<form class="dialog-form" onSubmit=${onSubmit}>
    <div class="dialog-body">
      ${props.children}
    </div>
    ${props.problem && html`<p class="problem" role="alert">${props.problem.message}</p>`}
    <footer class="dialog-foot">
      <button type="button" class="button" onClick=${props.onClose}>Cancel</button>
      <button type="submit" class=${props.isDangerous ? "button danger" : "button primary"} disabled=${props.isBusy || props.isDisabled}>${props.isBusy ? "Please wait …" : props.submit}</button>
    </footer>
  </form>`;
}

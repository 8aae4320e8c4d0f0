import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { html } from "../html.ts";
import { Dialog, DialogForm } from "./dialog.ts";
import { Field } from "./fields.ts";
import { useAction } from "./use-action.ts";

/** Asks before something that cannot be taken back, and shows why it was refused. */
export function Confirm(props: {
  readonly title: string;
  readonly submit: string;
  /** What must be typed first; nothing when leaving it out. */
  readonly typed?: string;
  readonly act: () => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}): VNode {
  const [text, setText] = useState("");
  const { isBusy, problem, run } = useAction();
  const { typed, onClose } = props;
  const submit = () =>
    void run(props.act).then((isDone) => {
      if (isDone) onClose();
    });
  return html`<${Dialog} title=${props.title} onClose=${onClose}>
    <${DialogForm} submit=${props.submit} isDangerous isBusy=${isBusy} problem=${problem} onSubmit=${submit} onClose=${onClose}
      isDisabled=${typed !== undefined && text.trim() !== typed}>
      ${props.children}
      ${typed !== undefined && html`<${Field} label=${["Type ", html`<strong>${typed}</strong>`, " to confirm"]} value=${text} onInput=${setText} isFirst autocomplete="off" />`}
    <//>
  <//>`;
}

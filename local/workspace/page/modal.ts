import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { View } from "../model.ts";
import type { RawState } from "./api.ts";
import { explain, withValues } from "./block-host.ts";
import { Blocks } from "./blocks/blocks.ts";
import { usePage } from "./context.ts";
import { type Host, HostContext, initialValues } from "./elements/host.ts";
import { html } from "./html.ts";

/** The topmost of the app's modals. Escape and the close button tell the app so. */
export function Modal({ view }: { view: View }): VNode {
  const { api, notify } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  const { definition } = view;
  const form = useForm(view);
  useEffect(() => dialog.current?.showModal(), []);
  const close = async () => {
    const { error } = await api.close(view.id);
    if (error !== undefined) notify(error);
  };
  const onCancel = (event: Event) => {
    event.preventDefault();
    void close();
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void form.submit();
  };
  const title = definition.title?.text ?? "";
  return html`<dialog ref=${dialog} class="modal" aria-label=${title} onCancel=${onCancel}>
    <form onSubmit=${onSubmit} novalidate>
      <header class="modal-head">
        <h2>${title}</h2>
        <button type="button" class="button icon-button" aria-label="Close" onClick=${close}>✕</button>
      </header>
      <div class="modal-body">
        ${form.problem !== null && html`<p class="input-error" role="alert">${form.problem}</p>`}
        <${HostContext.Provider} value=${form.host}><${Blocks} blocks=${definition.blocks} /><//>
      </div>
      <footer class="modal-foot">
        <button type="button" class="button" onClick=${close}>${definition.close?.text ?? (definition.submit ? "Cancel" : "Close")}</button>
        ${definition.submit && html`<button type="submit" class="button primary" disabled=${form.host.isBusy}>${definition.submit.text}</button>`}
      </footer>
    </form>
  </dialog>`;
}

function useForm(view: View) {
  const { api } = usePage();
  const { blocks } = view.definition;
  const [values, setValues] = useState<RawState>(() => initialValues(blocks));
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  // An updated view may bring inputs that were not there; what was typed into the others stays.
  useEffect(() => setValues((old) => ({ ...initialValues(blocks), ...old })), [view.hash]);

  const run = async (
    ask: () => Promise<{ failure?: string; error?: string; errors?: Readonly<Record<string, string>> }>,
  ) => {
    setBusy(true);
    setProblem(null);
    const answer = await ask();
    setErrors(answer.errors ?? {});
    if (answer.failure !== undefined || answer.error !== undefined)
      setProblem(answer.error ?? explain(answer.failure ?? ""));
    setBusy(false);
  };
  const host: Host = {
    values,
    errors,
    isBusy,
    set: (blockId, actionId, chosen) => setValues((old) => withValues(old, blockId, actionId, chosen)),
    use(blockId, actionId, chosen) {
      const state = withValues(values, blockId, actionId, chosen);
      void run(() => api.use({ viewId: view.id }, { blockId, actionId, values: chosen, state }));
    },
  };
  return { host, problem, submit: () => run(() => api.submit(view.id, values)) };
}

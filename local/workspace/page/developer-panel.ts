import type { VNode } from "preact";
import type { FaultName } from "./api.ts";
import { usePage } from "./context.ts";
import { html } from "./html.ts";
import { useMenu } from "./use-menu.ts";

const FAULTS: readonly { readonly name: FaultName; readonly label: string; readonly done: string }[] = [
  { name: "disconnect", label: "Disconnect the app", done: "Told the app to reconnect." },
  { name: "duplicates", label: "Deliver the next event twice", done: "The next event will arrive twice." },
  { name: "lateAcks", label: "Take the next ack too late", done: "The next acknowledgement will be taken too late." },
  { name: "rateLimits", label: "Rate-limit the next call", done: "The next Web API call will be answered with 429." },
];

/** Faults that Slack has on bad days, one click each. */
export function DeveloperPanel(): VNode {
  const { state, api, notify } = usePage();
  const { isOpen, frame, toggle } = useMenu();
  const cause = async (name: FaultName, done: string) => {
    const { error } = await api.fault(name);
    notify(error ?? done);
  };
  return html`<div class="developer" ref=${frame}>
    ${
      isOpen &&
      html`<div class="menu up" role="group" aria-label="Developer tools">
      <p>Sockets open: <strong>${state.sockets}</strong></p>
      ${FAULTS.map(({ name, label, done }) => html`<button type="button" key=${name} onClick=${() => cause(name, done)}>${label}</button>`)}
    </div>`
    }
    <button type="button" class="developer-toggle" aria-expanded=${isOpen} onClick=${toggle}>
      <span class="presence ${state.sockets > 0 ? "on" : ""}"></span>
      ${state.sockets > 0 ? "Bot connected" : "Bot not connected"}<span class="developer-more">Developer</span>
    </button>
  </div>`;
}

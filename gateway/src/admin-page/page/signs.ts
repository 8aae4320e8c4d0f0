import type { VNode } from "preact";
import { html } from "./html.ts";

/** Line drawings on a 24 × 24 grid, one path each. */
const PATHS = {
  key: "M14.5 9.5a4 4 0 1 0-3.4 3.9L13 15.5h2v2h2v2h3v-3l-5.6-5.6a4 4 0 0 0 .1-1.4ZM9.6 8.6h.01",
  window: "M4 5h16v14H4zM4 9h16M7 7h.01",
  list: "M8 7h12M8 12h12M8 17h12M4 7h.01M4 12h.01M4 17h.01",
  group: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3 19a6 6 0 0 1 12 0M16 5.2a3 3 0 0 1 0 5.6M17.5 13.4A6 6 0 0 1 21 19",
  door: "M6 20V4h9v16M3 20h18M12 12h.01M15 7h3v13",
  flask: "M10 3v6L5 18.5A1 1 0 0 0 6 20h12a1 1 0 0 0 1-1.5L14 9V3M9 3h6M7.5 14h9",
  person: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20a7.5 7.5 0 0 1 15 0",
  log: "M6 3h9l4 4v14H6zM15 3v4h4M9 12h6M9 16h6",
  gear: "M5 7h8M17 7h2M5 17h2M11 17h8M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM9 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  menu: "M4 7h16M4 12h16M4 17h16",
} as const;

export type SignName = keyof typeof PATHS;

export function Sign({ name }: { name: SignName }): VNode {
  return html`<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}

/** The same as the tab's icon, as a part of the page. */
export function GateSign(): VNode {
  return html`<svg class="gate-sign" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <rect width="32" height="32" rx="8" />
    <path class="arch" d="M7 25V14a9 9 0 0 1 18 0v11" />
    <path class="lights" d="M13 25v-7M19 25v-4" />
  </svg>`;
}

import type { VNode } from "preact";
import { html } from "./html.ts";

/** The page's own line drawings, so that none of its controls depends on the fonts of a machine. */

export type SignName = "gate" | "bars" | "thread" | "send" | "thumb-up" | "thumb-down" | "trash" | "eye" | "home";

const PATHS: Readonly<Record<SignName, string>> = {
  gate: "M4 20v-9a8 8 0 0 1 16 0v9M9.5 20v-6M14.5 20v-3.5",
  bars: "M5 19v-5M10 19V9M15 19v-7M20 19V5",
  thread: "M4 5h16v11H10l-4 4v-4H4z",
  send: "M3 20 21 12 3 4l3 8zM6 12h7",
  "thumb-up": "M7 11v9H3v-9zM7 11l4-8c1.7 0 3 1.3 3 3v3h5.5c1 0 1.7.9 1.5 1.9l-1.3 7a2 2 0 0 1-2 1.6H7",
  "thumb-down": "M7 13V4H3v9zM7 13l4 8c1.7 0 3-1.3 3-3v-3h5.5c1 0 1.7-.9 1.5-1.9l-1.3-7A2 2 0 0 0 17.7 4.5H7",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  eye: "M2 12s3.5-7 10-7 10 7 10 7-3.5 7-10 7-10-7-10-7M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
};

export function sign(name: SignName, size = 16): VNode {
  return html`<svg
    viewBox="0 0 24 24"
    width=${size}
    height=${size}
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d=${PATHS[name]} />
  </svg>`;
}

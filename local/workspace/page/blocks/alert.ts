import type { VNode } from "preact";
import { html } from "../html.ts";
import { PlainOrMrkdwn, type TextObject } from "./text-object.ts";

export interface SlackAlert {
  readonly text: TextObject;
  readonly level?: "default" | "info" | "warning" | "error" | "success";
}

const SIGNS = { default: "ℹ", info: "ℹ", warning: "!", error: "✕", success: "✓" };

export function Alert({ block }: { block: SlackAlert }): VNode {
  const level = block.level ?? "default";
  const role = level === "error" || level === "warning" ? "alert" : "status";
  return html`<div class="alert ${level}" role=${role}>
    <span class="alert-sign" aria-hidden="true">${SIGNS[level]}</span>
    <${PlainOrMrkdwn} text=${block.text} />
  </div>`;
}

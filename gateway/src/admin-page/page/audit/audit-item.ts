import type { VNode } from "preact";
import type { AuditLine } from "../api/audit.ts";
import { html } from "../html.ts";
import { Badge } from "../kit/states.ts";
import { absoluteTime, shortTime } from "../kit/times.ts";
import { eventWords } from "./event-words.ts";
import { reasonWords } from "./reason-words.ts";

const ACTORS: Readonly<Record<string, string>> = {
  command_line: "the command line",
  system: "the gateway itself",
  unknown: "somebody unknown",
};

/** Names of service tokens by their Client ID. */
export type TokenNames = ReadonlyMap<string, string>;

/** One line, and unfolded all that is known. */
export function AuditItem({ line, tokenNames }: { line: AuditLine; tokenNames: TokenNames }): VNode {
  const atMs = Date.parse(line.at);
  // A change's reason says no more than its event.
  const reason = line.reason === "" || line.kind === "change" ? "" : reasonWords(line.reason);
  return html`<li><details class="audit-line">
    <summary>
      <time dateTime=${line.at} title=${absoluteTime(atMs)}>${shortTime(atMs)}</time>
      <${Outcome} line=${line} />
      <span class="audit-text"><strong>${eventWords(line.event)}</strong>${countOf(line)} <span class="muted">${whoAndWhere(line, tokenNames)}</span>${reason !== "" && html`<small>${reason}</small>`}</span>
    </summary>
    <dl class="facts">
      <dt>When</dt><dd>${line.at}</dd>
      <dt>Event</dt><dd><code>${line.event}</code></dd>
      ${line.reason !== "" && html`<dt>Reason</dt><dd><code>${line.reason}</code></dd>`}
      <dt>Who</dt><dd>${line.actor.name} <span class="muted">(${line.actor.kind.replaceAll("_", " ")})</span></dd>
      ${line.ip !== "" && html`<dt>From</dt><dd>${line.ip}</dd>`}
      ${line.application !== null && html`<dt>Application</dt><dd>${line.application.name} <span class="muted">${line.application.id}</span></dd>`}
      ${line.ray_id !== "" && html`<dt>Ray id</dt><dd><code>${line.ray_id}</code></dd>`}
      ${Object.keys(line.detail).length > 0 && html`<dt>More</dt><dd><pre>${JSON.stringify(line.detail, null, 2)}</pre></dd>`}
    </dl>
  </details></li>`;
}

function Outcome({ line }: { line: AuditLine }): VNode {
  if (line.kind === "change") return html`<${Badge} tone="accent">Change<//>`;
  return line.allowed ? html`<${Badge} tone="good">Allowed<//>` : html`<${Badge} tone="bad">Refused<//>`;
}

function whoAndWhere(line: AuditLine, tokenNames: TokenNames): string {
  const { application, ip, detail } = line;
  const thing = typeof detail["name"] === "string" ? `“${detail["name"]}”` : "";
  const where = application === null || application.name === detail["name"] ? "" : `at ${application.name}`;
  return [thing, `by ${who(line, tokenNames)}`, where, ip === "" ? "" : `from ${ip}`]
    .filter((part) => part !== "")
    .join(" ");
}

function who({ actor, detail }: AuditLine, tokenNames: TokenNames): string {
  const claimed = detail["client_id"];
  if (actor.name !== "") return tokenNames.get(actor.name) ?? actor.name;
  if (typeof claimed === "string") return `${ACTORS[actor.kind] ?? actor.kind} with the Client ID ${claimed}`;
  return ACTORS[actor.kind] ?? actor.kind;
}

/** A flood is one line that stands for many. */
function countOf({ detail }: AuditLine): string {
  return typeof detail["count"] === "number" ? ` × ${detail["count"].toLocaleString("en")}` : "";
}

import type { VNode } from "preact";
import type { AuditQuestion } from "../api/audit.ts";
import { html } from "../html.ts";
import { type Choice, Field, Select } from "../kit/fields.ts";
import { useQueryText } from "../kit/query-text.ts";
import { localInputOf } from "../kit/times.ts";
import { changeQuery } from "../router.ts";
import { EVENT_WORDS } from "./event-words.ts";
import { REASONS } from "./reason-words.ts";

/** The filters, by their names in the address and in the API. */
const FILTERS = ["search", "kind", "event", "actor", "application", "allowed", "reason", "since", "until"] as const;

const ALL: Choice = ["", "All"];
const KINDS: readonly Choice[] = [ALL, ["access", "Access: requests and logins"], ["change", "Changes"]];
const OUTCOMES: readonly Choice[] = [ALL, ["true", "Allowed"], ["false", "Refused"]];
const EVENTS: readonly Choice[] = [ALL, ...Object.entries(EVENT_WORDS)];

/** What the address asks for, without what it leaves open. */
export function questionOf(query: URLSearchParams): AuditQuestion {
  return Object.fromEntries(FILTERS.flatMap((name) => (query.get(name) ? [[name, query.get(name) ?? ""]] : [])));
}

/** Narrows the log; each filter is in the address, so that a link shows the same lines. */
export function AuditFilters({
  question,
  applications,
}: {
  question: AuditQuestion;
  applications: readonly Choice[];
}): VNode {
  const control = (name: (typeof FILTERS)[number]) => ({
    value: question[name] ?? "",
    onInput: (value: string) => changeQuery({ [name]: value }),
  });
  const reasons: readonly Choice[] = [ALL, ...REASONS.map((reason): Choice => [reason, reason.replaceAll("_", " ")])];
  const isFiltered = Object.keys(question).length > 0;
  return html`<details class="filter-box" open=${isFiltered || hasRoom()}><summary>Filters</summary><div class="filters" role="search" aria-label="Filters">
    <${Select} label="Kind" choices=${KINDS} ...${control("kind")} />
    <${Select} label="Event" choices=${EVENTS} ...${control("event")} />
    <${Select} label="Outcome" choices=${OUTCOMES} ...${control("allowed")} />
    <${Select} label="Reason" choices=${reasons} ...${control("reason")} />
    <${Select} label="Application" choices=${[ALL, ...applications]} ...${control("application")} />
    <${ActorField} value=${question["actor"] ?? ""} />
    <${TimeField} name="since" label="From" value=${question["since"]} />
    <${TimeField} name="until" label="To" value=${question["until"]} />
    ${isFiltered && html`<button type="button" class="quiet" onClick=${clear}>Clear the filters</button>`}
  </div></details>`;
}

function hasRoom(): boolean {
  return matchMedia("(min-width: 861px)").matches;
}

function clear(): void {
  changeQuery(Object.fromEntries(FILTERS.map((name) => [name, ""])));
}

function ActorField({ value }: { value: string }): VNode {
  const [text, setText] = useQueryText("actor", value);
  return html`<${Field} label="Who" placeholder="E-mail or Client ID" value=${text} onInput=${setText} />`;
}

/** In the reader's time zone; the address has the instant. */
function TimeField({ name, label, value }: { name: string; label: string; value: string | undefined }): VNode {
  const shown = value === undefined || Number.isNaN(Date.parse(value)) ? "" : localInputOf(Date.parse(value));
  const onChange = (event: Event) => {
    const text = (event.target as HTMLInputElement).value;
    changeQuery({ [name]: text === "" ? "" : new Date(text).toISOString() });
  };
  return html`<${Field} label=${label} type="datetime-local" value=${shown} onInput=${() => undefined} onChange=${onChange} />`;
}

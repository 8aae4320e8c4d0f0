import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type Application, listApplications } from "../api/applications.ts";
import { exportAddress } from "../api/audit.ts";
import { listAllServiceTokens } from "../api/service-tokens.ts";
import { html } from "../html.ts";
import type { Choice } from "../kit/fields.ts";
import { useResource } from "../kit/resource.ts";
import { SearchField } from "../kit/search-field.ts";
import { Empty } from "../kit/states.ts";
import type { Place } from "../router.ts";
import { AuditItem, type TokenNames } from "./audit-item.ts";
import { AuditFilters, questionOf } from "./filters.ts";
import { type Log, useLog } from "./use-log.ts";

/** Who was let in or not, and who changed what. */
export function Audit({ place: { query } }: { place: Place }): VNode {
  const [isLive, setLive] = useState(false);
  const question = questionOf(query);
  const log = useLog(question, isLive);
  const applications = useResource((signal) => listApplications("", 1, signal), []);
  const tokenNames = useTokenNames();
  const choices = (applications.data?.items ?? []).map(({ id, name }: Application): Choice => [id, name]);
  return html`<div class="head">
      <div><h1>Audit log</h1><p>Every decision that is not plain success, and every change, newest first.</p></div>
      <div class="actions">
        <button type="button" class=${isLive ? "button live" : "button"} role="switch" aria-checked=${isLive} onClick=${() => setLive(!isLive)}><span class="dot" aria-hidden="true"></span>${isLive ? "Live" : "Follow live"}</button>
        <a class="button" href=${exportAddress(question)} download="audit.ndjson">Export NDJSON</a>
      </div>
    </div>
    <div class="bar"><${SearchField} label="Search in every line" value=${question["search"] ?? ""} /></div>
    <${AuditFilters} question=${question} applications=${choices} />
    <${Lines} log=${log} tokenNames=${tokenNames} isFiltered=${Object.keys(question).length > 0} />`;
}

/** So that a line says "stats bot" and not 32 digits. Without the right to read them, the digits stay. */
function useTokenNames(): TokenNames {
  const { data } = useResource(async (signal) => {
    const tokens = await listAllServiceTokens(signal).catch(() => []);
    return new Map(tokens.map(({ client_id, name }) => [client_id, name]));
  }, []);
  return data ?? new Map();
}

function Lines({ log, tokenNames, isFiltered }: { log: Log; tokenNames: TokenNames; isFiltered: boolean }): VNode {
  const { lines, next, problem, isLoading, loadMore } = log;
  return html`
    ${problem && html`<p class="problem card-gap" role="alert">${problem.message}</p>`}
    ${lines === undefined && isLoading && html`<div class="skeleton" role="status" aria-label="Loading"><i /><i /><i /></div>`}
    ${lines?.length === 0 && html`<${Nothing} isFiltered=${isFiltered} />`}
    ${lines !== undefined && lines.length > 0 && html`<ul class="table-card audit-lines" aria-busy=${isLoading}>${lines.map((line) => html`<${AuditItem} key=${line.seq} line=${line} tokenNames=${tokenNames} />`)}</ul>`}
    ${next !== null && html`<div class="pager"><button type="button" class="button" disabled=${isLoading} onClick=${loadMore}>Load older lines</button></div>`}`;
}

function Nothing({ isFiltered }: { isFiltered: boolean }): VNode {
  if (isFiltered) return html`<${Empty} title="No line matches"><p>Clear a filter, or choose a longer time.</p><//>`;
  return html`<${Empty} title="Nothing has happened yet"><p>Refused requests, logins and every change of tokens, applications and settings appear here.</p><//>`;
}

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Account } from "./account.ts";
import { ApiError, type CatalogueAnswer, fetchCatalogue, fetchMe, type Me } from "./api.ts";
import { html } from "./html.ts";
import { MetricList } from "./metric-list.ts";
import { Failure } from "./notices.ts";
import { Report } from "./report.ts";
import { withMetric } from "./state.ts";
import { useView } from "./use-view.ts";

interface Loaded {
  readonly catalogue: CatalogueAnswer;
  readonly me: Me;
}

/** The whole page: loads what can be asked and who asks, then shows it. */
export function Dashboard(): VNode {
  const [loaded, setLoaded] = useState<Loaded>();
  const [error, setError] = useState<ApiError>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    Promise.all([fetchCatalogue(), fetchMe()]).then(
      ([catalogue, me]) => {
        document.title = `${catalogue.product} · Statistics`;
        setLoaded({ catalogue, me });
        setError(undefined);
      },
      (cause: unknown) =>
        setError(cause instanceof ApiError ? cause : new ApiError("Something went wrong on this page.")),
    );
  }, [attempt]);
  useReturn(() => setAttempt((before) => before + 1));
  if (error !== undefined)
    return html`<main class="alone"><${Failure} error=${error} onRetry=${() => setAttempt(attempt + 1)} /></main>`;
  if (loaded === undefined) return html`<p class="boot" role="status">Loading …</p>`;
  return html`<${Workbench} ...${loaded} />`;
}

/** A page that was left open for longer than this shows old numbers, and perhaps yesterday's "today". */
const STALE_AFTER_MS = 5 * 60_000;

/** Calls back when somebody returns to the page after a while. */
function useReturn(onReturn: () => void): void {
  useEffect(() => {
    let leftAtMs = Date.now();
    const look = () => {
      if (document.visibilityState === "hidden") leftAtMs = Date.now();
      else if (Date.now() - leftAtMs > STALE_AFTER_MS) onReturn();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
}

function Workbench({ catalogue, me }: Loaded): VNode {
  const [view, setView] = useView(catalogue);
  const [isListOpen, setListOpen] = useState(false);
  const choose = (name: string) => {
    const metric = catalogue.metrics.find((candidate) => candidate.name === name);
    if (metric !== undefined) setView(withMetric(view, metric));
    setListOpen(false);
  };
  return html`<div class="frame">
    <header class="top">
      <button class="icon-button menu-button" aria-label="Metrics" aria-expanded=${isListOpen} onClick=${() => setListOpen(!isListOpen)}>☰</button>
      <img src="/page/icon.svg" alt="" width="26" height="26" />
      <strong>${catalogue.product}</strong><span class="top-title">Statistics</span>
      <${Account} me=${me} />
    </header>
    <aside class=${isListOpen ? "side open" : "side"}>
      <${MetricList} metrics=${catalogue.metrics} selected=${view.metric} onSelect=${choose} />
    </aside>
    <main class="main"><${Report} catalogue=${catalogue} view=${view} onChange=${setView} /></main>
  </div>`;
}

import type { VNode } from "preact";
import type { CatalogueAnswer, MetricInfo } from "./api.ts";
import { DateFields, type Dates } from "./date-fields.ts";
import { addDays } from "./dates.ts";
import { html } from "./html.ts";
import { PRESETS } from "./range-presets.ts";
import { type Compare, datesOf, type View } from "./state.ts";

interface ControlsProps {
  readonly catalogue: CatalogueAnswer;
  readonly metric: MetricInfo | undefined;
  readonly view: View;
  readonly onChange: (view: View) => void;
}

/** What is asked about the metric. */
export function Controls({ catalogue, metric, view, onChange }: ControlsProps): VNode {
  const { from, to } = datesOf(view, catalogue);
  const [first, last] = [from, addDays(to, -1)];
  return html`<div class="controls" role="group" aria-label="Question">
    <${Choice} label="Range" value=${"preset" in view.range ? view.range.preset : "custom"}
      options=${[...PRESETS.map(({ key, title }) => [key, title]), ["custom", "Custom dates"]]}
      onChoose=${(preset: string) => onChange({ ...view, range: preset === "custom" ? { first, last } : { preset } })} />
    <${DateFields} first=${first} last=${last} onChange=${(range: Dates) => onChange({ ...view, range })} />
    <${Choice} label="Per" value=${view.granularity} options=${granularities(metric)}
      onChoose=${(granularity: View["granularity"]) => onChange({ ...view, granularity })} />
    <${Choice} label="Break down by" value=${view.breakdown ?? ""} options=${[["", "Nothing"], ...dimensionsOf(catalogue, metric)]}
      onChoose=${(breakdown: string) => onChange({ ...view, breakdown: breakdown === "" ? null : breakdown })} />
    <${Choice} label="Compare with" value=${view.compare}
      options=${[["previous_period", "Previous period"], ["previous_year", "Previous year"], ["none", "Nothing"]]}
      onChoose=${(compare: Compare) => onChange({ ...view, compare })} />
  </div>`;
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, value, options, onChoose }: ChoiceProps): VNode {
  return html`<label class="field"><span>${label}</span>
    <select value=${value} onChange=${(event: Event) => onChoose(chosenIn(event))}>
      ${options.map(([key, title]) => html`<option key=${key} value=${key} selected=${key === value}>${title}</option>`)}
    </select></label>`;
}

function granularities(metric: MetricInfo | undefined): readonly (readonly [string, string])[] {
  const all = [
    ["auto", "Automatic"],
    ["hour", "Hour"],
    ["day", "Day"],
    ["week", "Week"],
    ["month", "Month"],
  ] as const;
  return all.filter(([key]) => key !== "hour" || metric?.measure !== "active_users");
}

function dimensionsOf({ dimensions }: CatalogueAnswer, metric: MetricInfo | undefined): (readonly [string, string])[] {
  const own = dimensions.filter(({ name }) => metric?.dimensions.includes(name));
  return own.map(({ name, title }) => [name, title] as const);
}

function chosenIn(event: Event): string {
  return (event.currentTarget as HTMLSelectElement).value;
}

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CatalogueAnswer, DimensionInfo, MetricInfo } from "./api.ts";
import { html } from "./html.ts";
import type { Filter, View } from "./state.ts";

interface FiltersProps {
  readonly catalogue: CatalogueAnswer;
  readonly metric: MetricInfo | undefined;
  readonly view: View;
  readonly onChange: (view: View) => void;
}

/** The filters as chips, and a way to add one. */
export function Filters({ catalogue, metric, view, onChange }: FiltersProps): VNode {
  const [adding, setAdding] = useState(false);
  const addButton = useRef<HTMLButtonElement>(null);
  const wasUsed = useRef(false);
  // What was pressed is gone now: the keyboard goes on from here.
  useEffect(() => {
    if (wasUsed.current && !adding) addButton.current?.focus();
    wasUsed.current = adding;
  }, [adding, view.filters]);
  const dimensions = catalogue.dimensions.filter(({ name }) => metric?.dimensions.includes(name));
  const remove = (index: number) => {
    wasUsed.current = true;
    onChange({ ...view, filters: view.filters.filter((_, at) => at !== index) });
  };
  const add = (filter: Filter) => {
    setAdding(false);
    onChange({ ...view, filters: [...view.filters, filter] });
  };
  return html`<div class="filters">
    ${view.filters.map(
      (filter, index) => html`<span class="chip" key=${index}>
        ${describe(filter, dimensions)}
        <button aria-label=${`Remove the filter ${describe(filter, dimensions)}`} onClick=${() => remove(index)}>×</button>
      </span>`,
    )}
    ${
      adding
        ? html`<${NewFilter} dimensions=${dimensions} onAdd=${add} onCancel=${() => setAdding(false)} />`
        : dimensions.length > 0 &&
          html`<button class="ghost" ref=${addButton} onClick=${() => setAdding(true)}>+ Filter</button>`
    }
  </div>`;
}

interface NewFilterProps {
  readonly dimensions: readonly DimensionInfo[];
  readonly onAdd: (filter: Filter) => void;
  readonly onCancel: () => void;
}

function NewFilter({ dimensions, onAdd, onCancel }: NewFilterProps): VNode {
  const [dimension, setDimension] = useState(dimensions[0]?.name ?? "");
  const [operator, setOperator] = useState<Filter["operator"]>("is");
  const values = dimensions.find(({ name }) => name === dimension)?.values ?? [];
  const chosen = (event: Event) => (event.currentTarget as HTMLSelectElement).value;
  return html`<form class="new-filter" aria-label="New filter" onKeyDown=${(event: KeyboardEvent) => event.key === "Escape" && onCancel()}>
    <select aria-label="Dimension" autofocus value=${dimension} onChange=${(event: Event) => setDimension(chosen(event))}>
      ${dimensions.map(({ name, title }) => html`<option value=${name}>${title}</option>`)}
    </select>
    <select aria-label="Operator" value=${operator} onChange=${(event: Event) => setOperator(chosen(event) as Filter["operator"])}>
      <option value="is">is</option><option value="is_not">is not</option>
    </select>
    <select aria-label="Value" value="" onChange=${(event: Event) => onAdd({ dimension, operator, values: [chosen(event)] })}>
      <option value="" disabled selected>Choose …</option>
      ${values.map(({ value, title }) => html`<option key=${value} value=${value}>${title}</option>`)}
    </select>
    <button type="button" class="ghost" onClick=${onCancel}>Cancel</button>
  </form>`;
}

function describe({ dimension, operator, values }: Filter, dimensions: readonly DimensionInfo[]): string {
  const info = dimensions.find(({ name }) => name === dimension);
  const titles = values.map((value) => info?.values.find((known) => known.value === value)?.title ?? value);
  return `${info?.title ?? dimension} ${operator === "is" ? "is" : "is not"} ${titles.join(" or ")}`;
}

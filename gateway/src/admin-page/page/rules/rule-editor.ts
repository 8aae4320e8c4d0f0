import type { VNode } from "preact";
import { html } from "../html.ts";
import { type Choice, Field, Select } from "../kit/fields.ts";
import { fieldOf, type Names, type Rule, type RuleLists, rulesIn, selectorOf } from "./rule.ts";
import { kindOf, ruleWords, SELECTORS, type SelectorField } from "./selectors.ts";

const LISTS = [
  ["include", "Include", "at least one of these"],
  ["require", "Require", "and all of these"],
  ["exclude", "Exclude", "and none of these"],
] as const;

/** The three lists of a policy or group, rule by rule. */
export function RuleListsEditor(props: {
  readonly value: RuleLists;
  readonly names: Names;
  readonly onInput: (value: RuleLists) => void;
}): VNode {
  const { value, names, onInput } = props;
  return html`<div class="rule-lists">${LISTS.map(
    ([
      list,
      title,
      hint,
    ]) => html`<${RuleList} key=${list} title=${title} hint=${hint} rules=${rulesIn(value, list)} names=${names}
      onInput=${(rules: readonly Rule[]) => onInput({ ...value, [list]: rules })} />`,
  )}</div>`;
}

function RuleList(props: {
  readonly title: string;
  readonly hint: string;
  readonly rules: readonly Rule[];
  readonly names: Names;
  readonly onInput: (rules: readonly Rule[]) => void;
}): VNode {
  const { title, hint, rules, names, onInput } = props;
  const rows = rules.map(
    (rule, index) => html`<${RuleRow} key=${index} rule=${rule} names=${names} place=${`${title} ${index + 1}`}
      onInput=${(next: Rule) => onInput(rules.with(index, next))} onRemove=${() => onInput(rules.toSpliced(index, 1))} />`,
  );
  return html`<fieldset class="rule-list">
    <legend>${title} <span class="muted">${hint}</span></legend>
    ${rows}
    <button type="button" class="button small" onClick=${() => onInput([...rules, { email_domain: { domain: "" } }])}>+ Add to “${title}”</button>
  </fieldset>`;
}

function RuleRow(props: {
  readonly rule: Rule;
  readonly names: Names;
  readonly place: string;
  readonly onInput: (rule: Rule) => void;
  readonly onRemove: () => void;
}): VNode {
  const { rule, names, place, onInput, onRemove } = props;
  const selector = selectorOf(rule);
  const kind = kindOf(rule);
  const kinds: Choice[] = Object.entries(SELECTORS).map(([name, { title }]) => [name, title]);
  if (kind === undefined) kinds.unshift([selector, selector]);
  const setField = (field: string, text: string) =>
    onInput({ [selector]: { ...(rule[selector] as object), [field]: text } });
  const fields = kind?.fields.map((field) =>
    ruleField(field, rule, names, place, (text) => setField(field.name, text)),
  );
  return html`<div class="rule-row">
    <${Select} label="Selector" aria-label=${`${place}: selector`} value=${selector} choices=${kinds} onInput=${(name: string) => onInput(emptyRule(name, names))} />
    ${fields ?? html`<p class="muted">${ruleWords(rule, names)} – edit it as JSON.</p>`}
    <button type="button" class="icon-button" aria-label=${`Remove ${place}`} onClick=${onRemove}>✕</button>
  </div>`;
}

function ruleField(
  field: SelectorField,
  rule: Rule,
  names: Names,
  place: string,
  onInput: (text: string) => void,
): VNode {
  const value = fieldOf(rule, field.name);
  const label = `${place}: ${field.label}`;
  if (field.choices === undefined) {
    return html`<${Field} key=${field.name} label=${field.label} aria-label=${label} placeholder=${field.placeholder} required value=${value} onInput=${onInput} />`;
  }
  const known: Choice[] = [...names[field.choices]];
  const choices = known.some(([id]) => id === value) ? known : [[value, value === "" ? "Choose …" : value], ...known];
  return html`<${Select} key=${field.name} label=${field.label} aria-label=${label} required value=${value} choices=${choices} onInput=${onInput} />`;
}

function emptyRule(name: string, names: Names): Rule {
  const fields = SELECTORS[name]?.fields.map((field) => {
    const known = field.choices === undefined ? [] : [...names[field.choices].keys()];
    return [field.name, known.length === 1 ? (known[0] ?? "") : ""];
  });
  return { [name]: Object.fromEntries(fields ?? []) };
}

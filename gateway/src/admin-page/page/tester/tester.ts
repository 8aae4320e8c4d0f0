import type { VNode } from "preact";
import { type TrialAnswer, tryPolicies } from "../api/tester.ts";
import { html } from "../html.ts";
import { type Resource, useResource } from "../kit/resource.ts";
import { Loaded } from "../kit/states.ts";
import type { Place } from "../router.ts";
import { useNames } from "../rules/names.ts";
import type { Names } from "../rules/rule.ts";
import { TrialForm } from "./trial-form.ts";
import { inputFrom, isComplete, trialOf } from "./trial-input.ts";
import { TrialResult } from "./trial-result.ts";

/** Would this token or person reach this URL, and which rule says so? */
export function Tester({ place: { query } }: { place: Place }): VNode {
  const names = useNames();
  const input = inputFrom(query);
  const answer = useResource(
    async () => (isComplete(input) ? await tryPolicies(trialOf(input)) : null),
    [query.toString()],
  );
  return html`<div class="head"><div><h1>Policy tester</h1><p>Would this token or person reach this address, and which rule says so? Nothing is sent to the application.</p></div></div>
    <${Loaded} resource=${names}>${(known: Names) => html`
      <section class="card card-gap" aria-label="What to try"><${TrialForm} first=${input} names=${known} onTry=${answer.reload} /></section>
      <div aria-live="polite"><${Answer} answer=${answer} names=${known} /></div>`}<//>`;
}

function Answer({ answer, names }: { answer: Resource<TrialAnswer | null>; names: Names }): VNode | null {
  if (answer.data === null && answer.problem === undefined) return null;
  return html`<${Loaded} resource=${answer}>${(result: TrialAnswer | null) => result && html`<${TrialResult} answer=${result} names=${names} />`}<//>`;
}

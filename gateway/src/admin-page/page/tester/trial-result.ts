import type { VNode } from "preact";
import type { PolicyTrial, RuleTrial, TrialAnswer } from "../api/tester.ts";
import { reasonWords } from "../audit/reason-words.ts";
import { html } from "../html.ts";
import { Badge } from "../kit/states.ts";
import { Link } from "../router.ts";
import { DECISIONS } from "../rules/policy-words.ts";
import type { Names } from "../rules/rule.ts";
import { ruleWords } from "../rules/selectors.ts";

const VERDICTS = {
  allowed: "Let in",
  bypassed: "Let through, unchecked",
  refused: "Refused",
  answered: "Answered by the gateway itself",
} as const;

/** Of the dry run alone; the rest are the reasons of refusals. */
const OWN_REASONS: Readonly<Record<string, string>> = {
  preflight: "It is a browser’s preflight, and the application’s settings say how to answer it.",
  own_endpoint: "The address belongs to the gateway: its login, logout and keys are there.",
};

const LISTS = { include: "Include", require: "Require", exclude: "Exclude" } as const;

/** The verdict, then every policy with each of its rules. */
export function TrialResult({ answer, names }: { answer: TrialAnswer; names: Names }): VNode {
  const { application, decision, reason, policy, policies } = answer;
  const decided = policies.findIndex(({ decides }) => decides);
  return html`
    <section class=${decision === "refused" ? "verdict" : "verdict good"} aria-label="Verdict">
      <p>${VERDICTS[decision]}</p>
      <p>${policy === null ? (OWN_REASONS[reason] ?? reasonWords(reason)) : html`The policy “${policy.name}” says so.`}</p>
      ${application !== null && html`<p>Application: <${Link} to=${`/applications/${application.id}`}>${application.name}<//> at ${application.domain}</p>`}
    </section>
    ${
      policies.length > 0 &&
      html`<section class="card" aria-labelledby="trials">
      <div class="card-head"><h2 id="trials">Policies, in the order in which they are looked at</h2></div>
      <ol class="policies">${policies.map((trial, index) => html`<${TrialItem} key=${trial.id} trial=${trial} number=${index + 1} isAfter=${decided !== -1 && index > decided} names=${names} />`)}</ol>
    </section>`
    }`;
}

function TrialItem(props: { trial: PolicyTrial; number: number; isAfter: boolean; names: Names }): VNode {
  const { trial, number, isAfter, names } = props;
  return html`<li class=${isAfter ? "policy faded" : "policy"}>
    <span class="policy-number" aria-hidden="true">${number}</span>
    <div class="policy-text">
      <p><strong>${trial.name}</strong> <${Badge} tone="quiet">${DECISIONS[trial.decision]?.title ?? trial.decision}<//> <${Outcome} trial=${trial} isAfter=${isAfter} /></p>
      <ul class="rule-trials">${trial.rules.map((one, index) => html`<${RuleItem} key=${index} trial=${one} names=${names} />`)}</ul>
    </div>
  </li>`;
}

function Outcome({ trial, isAfter }: { trial: PolicyTrial; isAfter: boolean }): VNode {
  if (trial.decides) return html`<${Badge} tone=${trial.decision === "deny" ? "bad" : "good"}>Decides<//>`;
  if (!trial.applies) return html`<${Badge} tone="quiet">Not about this caller<//>`;
  if (isAfter) return html`<${Badge} tone="quiet">Not looked at${trial.matches ? ", would match" : ""}<//>`;
  return html`<${Badge} tone="quiet">${trial.matches ? "Matches" : "Does not match"}<//>`;
}

function RuleItem({ trial, names }: { trial: RuleTrial; names: Names }): VNode {
  return html`<li class=${trial.matches ? "rule-trial yes" : "rule-trial"}>
    <span aria-hidden="true">${trial.matches ? "✓" : "✗"}</span>
    <span>${LISTS[trial.list]}: ${trial.rule === null ? "a rule of the policy file" : ruleWords(trial.rule, names)}<span class="hidden">${trial.matches ? " matches" : " does not match"}</span></span>
  </li>`;
}

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { html } from "../html.ts";
import { type Choice, Field, Select } from "../kit/fields.ts";
import { changeQuery } from "../router.ts";
import type { Names } from "../rules/rule.ts";
import { isComplete, type TrialInput } from "./trial-input.ts";

const WHO = [
  ["token", "A service token"],
  ["person", "A person"],
  ["nobody", "Nobody"],
] as const;

/** Asks who goes where; the answer follows the address. */
export function TrialForm(props: { first: TrialInput; names: Names; onTry: () => Promise<void> }): VNode {
  const { first, names, onTry } = props;
  const [input, setInput] = useState<TrialInput>({
    ...first,
    token: first.token || ([...names.tokens.keys()][0] ?? ""),
  });
  const change = (changes: Partial<TrialInput>) => setInput({ ...input, ...changes });
  const field = (name: keyof TrialInput) => ({
    value: input[name],
    onInput: (text: string) => change({ [name]: text }),
  });
  const submit = (event: Event) => {
    event.preventDefault();
    const isSame = Object.entries(input).every(([name, value]) => first[name as keyof TrialInput] === value);
    if (isSame) void onTry();
    else changeQuery({ ...input });
  };
  const chooser = WHO.map(
    ([who, words]) =>
      html`<button type="button" key=${who} aria-pressed=${input.who === who} onClick=${() => change({ who })}>${words}</button>`,
  );
  return html`<form class="tester-form" onSubmit=${submit}>
    <div class="full"><${Field} label="Address" required placeholder="https://stats.example.com/reports" ...${field("url")} /></div>
    <div class="full"><span class="field-label" id="who">Who asks</span><div class="tabs" role="group" aria-labelledby="who">${chooser}</div></div>
    <${WhoFields} input=${input} names=${names} field=${field} />
    <${Field} label="From address (optional)" placeholder="203.0.113.7" ...${field("ip")} />
    <${Field} label="From country (optional)" placeholder="DE" maxlength="2" ...${field("country")} />
    <div class="full"><button type="submit" class="button primary" disabled=${!isComplete(input)}>Try</button></div>
  </form>`;
}

function WhoFields(props: {
  readonly input: TrialInput;
  readonly names: Names;
  readonly field: (name: keyof TrialInput) => object;
}): VNode | null {
  const { input, names, field } = props;
  if (input.who === "nobody") return null;
  if (input.who === "token") {
    const tokens: Choice[] = [...names.tokens];
    if (tokens.length === 0) return html`<p class="note full">There is no service token yet.</p>`;
    return html`<div class="full"><${Select} label="Service token" choices=${tokens} ...${field("token")} /></div>`;
  }
  // None chosen is the first, for the gateway as for the eye.
  const providers: Choice[] = [...names.providers];
  return html`
    <${Field} label="E-mail" type="email" required placeholder="ada@acme.example" ...${field("email")} />
    <${Select} label="Logged in with" choices=${providers} ...${field("provider")} />
    <div class="full"><${Field} label="What the provider says of them (optional, JSON)" placeholder='{ "amr": ["mfa"], "department": "finance" }' error=${claimsProblem(input.claims)} ...${field("claims")} /></div>`;
}

function claimsProblem(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return "This is not JSON yet.";
  }
}

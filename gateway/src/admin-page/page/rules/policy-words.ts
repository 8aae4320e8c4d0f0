import { type Names, type Rule, type RuleLists, rulesIn } from "./rule.ts";
import { ruleWords } from "./selectors.ts";

/** The decisions by the dashboard's names, and what each does. */
export const DECISIONS: Readonly<
  Record<string, { readonly title: string; readonly verb: string; readonly hint: string }>
> = {
  allow: { title: "Allow", verb: "Allow", hint: "People who log in and match are let in." },
  non_identity: {
    title: "Service Auth",
    verb: "Let in without a login",
    hint: "Programs: service tokens and client certificates, without a login.",
  },
  deny: { title: "Block", verb: "Block", hint: "Whoever matches is kept out, whatever a later policy says." },
  bypass: { title: "Bypass", verb: "Let through unchecked", hint: "No check and no identity: for what is public." },
};

/** A policy as a sentence: "Allow people whose e-mail ends in @acme.example, but not eve@acme.example". */
export function policyWords(policy: RuleLists & { readonly decision: string }, names: Names): string {
  return `${DECISIONS[policy.decision]?.verb ?? policy.decision} ${rulesWords(policy, names)}`;
}

export function rulesWords(lists: RuleLists, names: Names): string {
  const [include, require, exclude] = [rulesIn(lists, "include"), rulesIn(lists, "require"), rulesIn(lists, "exclude")];
  const joined = (rules: readonly Rule[], word: string) =>
    new Intl.ListFormat("en", { type: word === "or" ? "disjunction" : "conjunction" }).format(
      rules.map((rule) => ruleWords(rule, names)),
    );
  const required = require.length === 0 ? "" : `, and of them only ${joined(require, "and")}`;
  const excluded = exclude.length === 0 ? "" : `, but not ${joined(exclude, "or")}`;
  return (include.length === 0 ? "nobody" : joined(include, "or")) + required + excluded;
}

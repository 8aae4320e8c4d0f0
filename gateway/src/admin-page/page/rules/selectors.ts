import type { Names, Rule } from "./rule.ts";
import { fieldOf, selectorOf } from "./rule.ts";

/** A field that a selector asks for. */
export interface SelectorField {
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
  /** Chosen from these instead of typed. */
  readonly choices?: keyof Names;
}

export interface SelectorKind {
  readonly title: string;
  readonly fields: readonly SelectorField[];
  /** As the middle of a sentence: "Allow …". */
  readonly words: (rule: Rule, names: Names) => string;
}

const PROVIDER: SelectorField = {
  name: "identity_provider_id",
  label: "Identity provider",
  choices: "providers",
};

/** The selectors with a form, in the order of their use. Others are kept, and edited as JSON. */
export const SELECTORS: Readonly<Record<string, SelectorKind>> = {
  email_domain: {
    title: "E-mail ends in",
    fields: [{ name: "domain", label: "Domain", placeholder: "acme.example" }],
    words: (rule) => `people whose e-mail ends in @${fieldOf(rule, "domain").replace(/^@/, "")}`,
  },
  email: {
    title: "E-mail is",
    fields: [{ name: "email", label: "Address", placeholder: "ada@acme.example" }],
    words: (rule) => fieldOf(rule, "email"),
  },
  group: {
    title: "Group",
    fields: [{ name: "id", label: "Group", choices: "groups" }],
    words: (rule, { groups }) => `the group “${named(groups, fieldOf(rule, "id"))}”`,
  },
  service_token: {
    title: "Service token",
    fields: [{ name: "token_id", label: "Token", choices: "tokens" }],
    words: (rule, { tokens }) => `the service token “${named(tokens, fieldOf(rule, "token_id"))}”`,
  },
  any_valid_service_token: { title: "Any service token", fields: [], words: () => "any valid service token" },
  everyone: { title: "Everyone", fields: [], words: () => "everyone" },
  ip: {
    title: "IP address or range",
    fields: [{ name: "ip", label: "Address or range", placeholder: "10.0.0.0/8" }],
    words: (rule) => `requests from ${fieldOf(rule, "ip")}`,
  },
  geo: {
    title: "Country",
    fields: [{ name: "country_code", label: "Country code", placeholder: "DE" }],
    words: (rule) => `requests from ${countryName(fieldOf(rule, "country_code"))}`,
  },
  login_method: {
    title: "Identity provider",
    fields: [{ ...PROVIDER, name: "id" }],
    words: (rule, { providers }) => `people who logged in with ${named(providers, fieldOf(rule, "id"))}`,
  },
  auth_method: {
    title: "Way of logging in",
    fields: [{ name: "auth_method", label: "Method (RFC 8176)", placeholder: "mfa" }],
    words: (rule) => `people who logged in by ${fieldOf(rule, "auth_method")}`,
  },
  oidc: {
    title: "OIDC claim",
    fields: [
      { name: "claim_name", label: "Claim", placeholder: "department" },
      { name: "claim_value", label: "Value", placeholder: "finance" },
      PROVIDER,
    ],
    words: (rule) => `people whose ${fieldOf(rule, "claim_name")} is ${fieldOf(rule, "claim_value")}`,
  },
  certificate: { title: "Any client certificate", fields: [], words: () => "anyone with a valid client certificate" },
  common_name: {
    title: "Certificate's common name",
    fields: [{ name: "common_name", label: "Common name", placeholder: "batch-7" }],
    words: (rule) => `the client certificate of ${fieldOf(rule, "common_name")}`,
  },
};

export function ruleWords(rule: Rule, names: Names): string {
  const kind = kindOf(rule);
  return kind === undefined ? `${selectorOf(rule)} ${JSON.stringify(rule[selectorOf(rule)])}` : kind.words(rule, names);
}

export function kindOf(rule: Rule): SelectorKind | undefined {
  const name = selectorOf(rule);
  return Object.hasOwn(SELECTORS, name) ? SELECTORS[name] : undefined;
}

function named(names: ReadonlyMap<string, string>, id: string): string {
  return names.get(id) ?? id;
}

function countryName(code: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "region" }).of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

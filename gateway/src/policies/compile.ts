import type { ApplicationDocument } from "./application-document.ts";
import { compileCors } from "./cors-document.ts";
import { parseDestination } from "./destination.ts";
import { parseDuration } from "./duration.ts";
import type { KnownFacts } from "./known-facts.ts";
import { misplacement } from "./misplacement.ts";
import type { Application, Destination, Group, Policy, PolicyDecision, Rules, Selector } from "./model.ts";
import type { GroupDocument, PolicyDocument } from "./policy-document.ts";
import { compileRule, type GroupsById, type RuleDocument } from "./rule-document.ts";

/** What is wrong with a document beyond its shape, and where in it. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Whether another one has what this one wants. */
  readonly isTaken?: boolean;
}

export interface Compiled<T> {
  readonly value: T;
  /** With any of these the value must let nobody in. */
  readonly problems: readonly Problem[];
}

interface RulesDocument {
  readonly include: readonly RuleDocument[];
  readonly require: readonly RuleDocument[];
  readonly exclude: readonly RuleDocument[];
}

export interface RulesContext {
  readonly groups: GroupsById;
  readonly facts: KnownFacts;
}

export function compilePolicy(id: string, document: PolicyDocument, context: RulesContext): Compiled<Policy> {
  const { name, decision, session_duration } = document;
  const { value, problems } = compileRules(document, context, decision);
  const sessionDurationMs = session_duration === undefined ? null : parseDuration(session_duration);
  return { value: { ...value, id, name, decision, sessionDurationMs }, problems };
}

export function compileGroup(id: string, document: GroupDocument, context: RulesContext): Compiled<Group> {
  const { value, problems } = compileRules(document, context);
  return { value: { ...value, id, name: document.name }, problems };
}

function compileRules(
  document: RulesDocument,
  { groups, facts }: RulesContext,
  decision?: PolicyDecision,
): Compiled<Rules> {
  const problems: Problem[] = [];
  const compileList = (list: keyof RulesDocument) =>
    document[list].flatMap((rule, index): Selector[] => {
      const selector = compileRule(rule, groups);
      const message = selector === undefined ? NO_GROUP : ruleProblem(selector, facts, decision);
      if (message !== undefined) problems.push({ path: [list, index], message });
      return selector === undefined ? [] : [selector];
    });
  const value = { include: compileList("include"), require: compileList("require"), exclude: compileList("exclude") };
  return { value, problems };
}

const NO_GROUP = "names a group that is not there, or that cannot be used";

function ruleProblem(selector: Selector, facts: KnownFacts, decision: PolicyDecision | undefined): string | undefined {
  if (selector.kind === "geo" && !facts.hasCountry) {
    return "geo needs a trusted proxy that tells the country: set GATEWAY_COUNTRY_HEADER and GATEWAY_TRUSTED_PROXIES";
  }
  if ((selector.kind === "certificate" || selector.kind === "common_name") && !facts.hasClientCertificate) {
    return `${selector.kind} needs client certificates to be verified by the gateway itself: set GATEWAY_TLS_CLIENT_CA_FILE`;
  }
  return decision === undefined ? undefined : misplacement(selector, decision);
}

export interface ApplicationParts {
  readonly id: string;
  readonly aud: string;
  readonly document: ApplicationDocument;
  /** By precedence. */
  readonly policies: readonly Policy[];
  readonly origin: string;
}

export function compileApplication({ id, aud, document, policies, origin }: ApplicationParts): Application {
  const isFirst = ({ decision }: Policy) => decision === "bypass" || decision === "non_identity";
  return {
    id,
    name: document.name,
    aud,
    domain: document.domain,
    destinations: compileDestinations(document),
    origin,
    sessionDurationMs: parseDuration(document.session_duration),
    isServiceAuth401: document.service_auth_401_redirect,
    tokenHeader: document.read_service_tokens_from_header?.toLowerCase() ?? null,
    cors: compileCors(document.cors_headers),
    isPreflightBypassed: document.options_preflight_bypass,
    cookie: {
      sameSite: document.same_site_cookie_attribute,
      isHttpOnly: document.http_only_cookie_attribute,
      isPathBound: document.path_cookie_attribute,
    },
    hasBindingCookie: document.enable_binding_cookie,
    denyMessage: document.custom_deny_message ?? null,
    denyUrl: document.custom_deny_url ?? null,
    nonIdentityDenyUrl: document.custom_non_identity_deny_url ?? null,
    identityProviderIds: document.allowed_idps,
    isAutoRedirected: document.auto_redirect_to_identity,
    isInLauncher: document.app_launcher_visible,
    logoUrl: document.logo_url ?? null,
    policies: [...policies.filter(isFirst), ...policies.filter((policy) => !isFirst(policy))],
    admitsPeople: policies.some(({ decision }) => decision === "allow"),
    admitsTokens: policies.some(({ decision }) => decision === "non_identity"),
  };
}

/** The primary one first. */
function compileDestinations({ domain, destinations }: ApplicationDocument): Destination[] {
  const uris = [domain, ...destinations.map(({ uri }) => uri).filter((uri) => uri !== domain)];
  return uris.flatMap((uri) => {
    const parsed = parseDestination(uri);
    return parsed.ok ? [parsed.destination] : [];
  });
}

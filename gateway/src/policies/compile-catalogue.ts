import type { ApplicationEntry, Catalogue, PolicyEntry } from "./catalogue.ts";
import { type Compiled, compileApplication, compilePolicy, type Problem, type RulesContext } from "./compile.ts";
import { compileGroups } from "./compile-groups.ts";
import { destinationKey, parseDestination } from "./destination.ts";
import { compileIdentityProvider } from "./identity-provider-document.ts";
import type { KnownFacts } from "./known-facts.ts";
import type {
  Application,
  Destination,
  Group,
  IdentityProviderModel,
  Organization,
  Policy,
  Rules,
  Selector,
} from "./model.ts";
import { compileOrganization, DEFAULT_ORGANIZATION } from "./organization-document.ts";
import type { Origins } from "./origins.ts";

/** Something that cannot be used, and why. */
export interface CatalogueProblem extends Problem {
  readonly kind: "application" | "policy" | "group" | "identity_provider" | "organization";
  readonly id: string;
  readonly name: string;
}

export interface CompiledCatalogue {
  /** One for each entry; what has problems refuses everyone. */
  readonly applications: readonly Application[];
  readonly groups: readonly Group[];
  readonly reusablePolicies: readonly Policy[];
  readonly identityProviders: readonly IdentityProviderModel[];
  readonly organization: Organization;
  readonly problems: readonly CatalogueProblem[];
}

export interface CompileSettings {
  /** Where applications without an `origin` are forwarded to. */
  readonly origins: Origins;
  readonly facts: KnownFacts;
}

/** Documents in, model out. Never throws: what is wrong is told, and lets nobody in. */
export function compileCatalogue(catalogue: Catalogue, { origins, facts }: CompileSettings): CompiledCatalogue {
  const { groups, problems: groupProblems } = compileGroups(catalogue.groups, facts);
  const policies = compilePolicies(catalogue.policies.values(), { groups, facts });
  const applications = compileApplications(catalogue, { policies, origins });
  const usable = [...policies.values()].filter(({ problems }) => problems.length === 0).map(({ value }) => value);
  const { document: organization, problems: organizationProblems } = catalogue.organization;
  const identityProviders = compileIdentityProviders(catalogue, claimsOf([...usable, ...groups.values()]));
  const all: [CatalogueProblem["kind"], Iterable<readonly [string, readonly Problem[]]>][] = [
    ["group", groupProblems],
    ["policy", [...policies].map(([id, { problems }]) => [id, problems])],
    ["application", [...applications].map(([id, { problems }]) => [id, problems])],
    ["identity_provider", [...identityProviders].map(([id, { problems }]) => [id, problems])],
    ["organization", [["organization", organizationProblems]]],
  ];
  return {
    applications: [...applications.values()].map(({ value }) => value),
    groups: [...groups.values()],
    reusablePolicies: usable.filter(({ id }) => catalogue.policies.get(id)?.applicationId === null),
    identityProviders: [...identityProviders.values()].flatMap(({ value }) => value ?? []),
    // What cannot be read may have asked for the stricter way.
    organization: compileOrganization(organization ?? { ...DEFAULT_ORGANIZATION, strict_service_token_auth: true }),
    problems: all.flatMap(([kind, byId]) =>
      [...byId].flatMap(([id, problems]) => {
        return problems.map((problem) => ({ ...problem, kind, id, name: nameOf(catalogue, kind, id) }));
      }),
    ),
  };
}

function nameOf(catalogue: Catalogue, kind: CatalogueProblem["kind"], id: string): string {
  const entry = {
    application: catalogue.applications,
    policy: catalogue.policies,
    group: catalogue.groups,
    identity_provider: catalogue.identityProviders,
    organization: new Map<string, Catalogue["organization"]>(),
  }[kind].get(id);
  const { name } = (entry?.raw ?? {}) as { name?: unknown };
  return typeof name === "string" ? name : id;
}

function compilePolicies(entries: Iterable<PolicyEntry>, context: RulesContext): Map<string, Compiled<Policy>> {
  const compiled = new Map<string, Compiled<Policy>>();
  for (const { id, document, problems } of entries) {
    compiled.set(
      id,
      document === undefined ? { value: emptyPolicy(id), problems } : compilePolicy(id, document, context),
    );
  }
  return compiled;
}

/** An application with this one refuses everyone, so that it never decides anything. */
function emptyPolicy(id: string): Policy {
  return { id, name: id, decision: "deny", include: [], require: [], exclude: [], sessionDurationMs: null };
}

function noPolicy(id: string): Compiled<Policy> {
  return { value: emptyPolicy(id), problems: [{ path: [], message: "it is not there" }] };
}

interface ApplicationContext {
  readonly policies: ReadonlyMap<string, Compiled<Policy>>;
  readonly origins: Origins;
}

function compileApplications(catalogue: Catalogue, context: ApplicationContext): Map<string, Compiled<Application>> {
  const taken = new Map<string, string>();
  const compiled = new Map<string, Compiled<Application>>();
  for (const entry of catalogue.applications.values()) {
    const one = compileEntry(entry, context);
    const problems = [...one.problems, ...claimPlaces(one.value, taken)];
    compiled.set(entry.id, problems.length === 0 ? one : { value: refusingEveryone(one.value), problems });
  }
  return compiled;
}

/** Notes what an application takes for itself. @returns What another one has already: the first one keeps it. */
function claimPlaces({ name, aud, destinations }: Application, taken: Map<string, string>): Problem[] {
  const problems: Problem[] = [];
  const claim = (key: string, path: readonly string[]) => {
    const owner = taken.get(key);
    if (owner === undefined) taken.set(key, name);
    else problems.push({ path, message: `is already taken by the application ${owner}`, isTaken: true });
  };
  claim(`aud ${aud}`, ["aud"]);
  for (const destination of destinations) claim(`destination ${destinationKey(destination)}`, ["domain"]);
  return problems;
}

function compileEntry(entry: ApplicationEntry, { policies, origins }: ApplicationContext): Compiled<Application> {
  const { id, aud, document } = entry;
  if (document === undefined) return { value: unreadable(entry), problems: entry.problems };
  const found = entry.policies.map(({ policyId }) => policies.get(policyId) ?? noPolicy(policyId));
  const problems = found.flatMap(({ value, problems: [first] }) => {
    if (first === undefined) return [];
    return [{ path: ["policies"], message: `the policy ${value.name} cannot be used: ${first.message}` }];
  });
  const own = found.map((policy) => policy.value);
  const value = compileApplication({
    id,
    aud,
    document,
    policies: own,
    origin: document.origin ?? "",
  });
  if (document.origin !== undefined) return { value, problems };
  const origin = originOf(value, origins);
  if (origin !== undefined) return { value: { ...value, origin }, problems };
  const message =
    "is required: where requests are forwarded to, such as http://10.0.0.5:8080. Clients that cannot send this field of ours, such as Terraform, set GATEWAY_ORIGINS=HOST=ORIGIN for the gateway instead";
  return { value, problems: [...problems, { path: ["origin"], message }] };
}

/** The one origin for all destinations; undefined when there is none or not one. */
function originOf({ destinations }: Application, origins: Origins): string | undefined {
  const found = new Set(destinations.map(({ host }) => origins(host)));
  return found.size === 1 ? [...found][0] : undefined;
}

/** Holds the place: without it, an application around it would decide by its own policies. */
function unreadable({ id, aud, raw }: ApplicationEntry): Application {
  const { name, domain, destinations } = (raw ?? {}) as { name?: unknown; domain?: unknown; destinations?: unknown };
  const uris = [
    domain,
    ...(Array.isArray(destinations) ? destinations.map((one: { uri?: unknown } | null) => one?.uri) : []),
  ];
  const places = [...new Set(uris)].flatMap((uri): Destination[] => {
    const parsed = typeof uri === "string" ? parseDestination(uri) : undefined;
    return parsed?.ok ? [parsed.destination] : [];
  });
  return {
    ...NOTHING,
    id,
    aud,
    name: typeof name === "string" ? name : id,
    domain: typeof domain === "string" ? domain : "",
    destinations: places,
  };
}

const NOTHING: Omit<Application, "id" | "aud" | "name" | "domain" | "destinations"> = {
  origin: "",
  sessionDurationMs: 0,
  isServiceAuth401: false,
  tokenHeader: null,
  cors: null,
  isPreflightBypassed: false,
  cookie: { sameSite: "lax", isHttpOnly: true, isPathBound: false },
  hasBindingCookie: false,
  denyMessage: null,
  denyUrl: null,
  nonIdentityDenyUrl: null,
  identityProviderIds: [],
  isAutoRedirected: false,
  isInLauncher: false,
  logoUrl: null,
  policies: [],
  admitsPeople: false,
  admitsTokens: false,
};

function refusingEveryone({ id, aud, name, domain, destinations }: Application): Application {
  return { ...NOTHING, id, aud, name, domain, destinations };
}

function compileIdentityProviders(
  { identityProviders }: Catalogue,
  claims: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, Compiled<IdentityProviderModel | undefined>> {
  return new Map(
    [...identityProviders].map(([id, { document, clientSecret, problems }]) => {
      const value =
        document === undefined || problems.length > 0
          ? undefined
          : compileIdentityProvider(id, document, clientSecret, claims.get(id) ?? []);
      return [id, { value, problems }];
    }),
  );
}

/** The claims that rules ask for, by identity provider. */
function claimsOf(all: readonly Rules[]): Map<string, Set<string>> {
  const claims = new Map<string, Set<string>>();
  const note = (selector: Selector) => {
    if (selector.kind !== "oidc") return;
    const known = claims.get(selector.identityProviderId) ?? new Set();
    claims.set(selector.identityProviderId, known.add(selector.claim));
  };
  for (const { include, require, exclude } of all) for (const rule of [...include, ...require, ...exclude]) note(rule);
  return claims;
}

import type { ApplicationDocument } from "./application-document.ts";
import type { Problem } from "./compile.ts";
import type { IdentityProviderDocument } from "./identity-provider-document.ts";
import { DEFAULT_ORGANIZATION, type OrganizationDocument } from "./organization-document.ts";
import type { GroupDocument, PolicyDocument } from "./policy-document.ts";

/** Who manages something: the API what is in the store; the policy file and the environment are only read. */
export type EntrySource = "store" | "file" | "environment";

/** One document with what is known about it. */
export interface Entry<D> {
  readonly id: string;
  readonly source: EntrySource;
  /** RFC 3339; empty outside the store. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Undefined when `problems` says why it cannot be used. */
  readonly document: D | undefined;
  /** As it was found. */
  readonly raw: unknown;
  readonly problems: readonly Problem[];
}

export interface ApplicationEntry extends Entry<ApplicationDocument> {
  readonly aud: string;
  /** By precedence. */
  readonly policies: readonly PolicyLink[];
}

export interface PolicyLink {
  readonly policyId: string;
  readonly precedence: number;
}

export interface PolicyEntry extends Entry<PolicyDocument> {
  /** Null: reusable. */
  readonly applicationId: string | null;
}

export interface IdentityProviderEntry extends Entry<IdentityProviderDocument> {
  readonly clientSecret: string;
}

/** Everything that is configured, from all sources, as documents. */
export interface Catalogue {
  readonly applications: ReadonlyMap<string, ApplicationEntry>;
  readonly policies: ReadonlyMap<string, PolicyEntry>;
  readonly groups: ReadonlyMap<string, Entry<GroupDocument>>;
  readonly identityProviders: ReadonlyMap<string, IdentityProviderEntry>;
  readonly organization: Entry<OrganizationDocument>;
}

export const EMPTY_CATALOGUE: Catalogue = {
  applications: new Map(),
  policies: new Map(),
  groups: new Map(),
  identityProviders: new Map(),
  organization: {
    id: "organization",
    source: "store",
    createdAt: "",
    updatedAt: "",
    document: DEFAULT_ORGANIZATION,
    raw: DEFAULT_ORGANIZATION,
    problems: [],
  },
};

/** What is only read comes first, and keeps its place: what the store has under the same id gives way. */
export function mergeCatalogues(readOnly: Catalogue, stored: Catalogue): Catalogue {
  const merge = <E>(first: ReadonlyMap<string, E>, then: ReadonlyMap<string, E>) =>
    first.size === 0 ? then : new Map([...first, ...[...then].filter(([id]) => !first.has(id))]);
  return {
    applications: merge(readOnly.applications, stored.applications),
    policies: merge(readOnly.policies, stored.policies),
    groups: merge(readOnly.groups, stored.groups),
    identityProviders: merge(readOnly.identityProviders, stored.identityProviders),
    organization: stored.organization,
  };
}

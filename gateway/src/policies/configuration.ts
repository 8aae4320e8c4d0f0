import { type ApplicationChoice, createApplicationPicker } from "../request/application.ts";
import type { Target } from "../request/target.ts";
import type { Application, Group, IdentityProviderModel, Organization, Policy } from "./model.ts";

/** All that decides about requests, as of one moment. Never changes: a change makes a new one, with another version. */
export interface Configuration {
  readonly applications: readonly Application[];
  readonly organization: Organization;
  readonly identityProviders: readonly IdentityProviderModel[];
  /** All groups, also those that no policy names. */
  readonly groups: readonly Group[];
  /** Reusable policies, also those that no application has. */
  readonly reusablePolicies: readonly Policy[];
  /** Changes with the content. */
  readonly version: string;
  /** The application of a target. */
  choose(target: Target): ApplicationChoice;
  byAud(aud: string): Application | undefined;
  /** Whether any application is on this host (with its port). */
  serves(host: string): boolean;
}

/** The present configuration: asked once per request, so that one request is judged by one state. */
export interface ConfigurationSource {
  current(): Configuration;
}

type Parts = Pick<Configuration, "applications" | "organization" | "identityProviders" | "version">;

export function createConfiguration(
  parts: Parts & Partial<Pick<Configuration, "groups" | "reusablePolicies">>,
): Configuration {
  const { choose, serves } = createApplicationPicker(parts.applications);
  // Of two with one audience the first is the one that works.
  const byAud = new Map(parts.applications.toReversed().map((application) => [application.aud, application]));
  return { groups: [], reusablePolicies: [], ...parts, choose, serves, byAud: (aud) => byAud.get(aud) };
}

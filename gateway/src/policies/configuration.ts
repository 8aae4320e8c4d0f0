import { type ApplicationChoice, createApplicationPicker } from "../request/application.ts";
import type { Target } from "../request/target.ts";
import type { Application, IdentityProviderModel, Organization } from "./model.ts";

/** All that decides about requests, as of one moment. Never changes: a change makes a new one, with another version. */
export interface Configuration {
  readonly applications: readonly Application[];
  readonly organization: Organization;
  readonly identityProviders: readonly IdentityProviderModel[];
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

export function createConfiguration(
  parts: Pick<Configuration, "applications" | "organization" | "identityProviders" | "version">,
): Configuration {
  const { choose, serves } = createApplicationPicker(parts.applications);
  const byAud = new Map(parts.applications.map((application) => [application.aud, application]));
  return { ...parts, choose, serves, byAud: (aud) => byAud.get(aud) };
}

import type { Configuration, ConfigurationSource } from "../policies/configuration.ts";
import type { Application, IdentityProviderModel } from "../policies/model.ts";
import { createIdentityProvider, type IdentityProvider, type IdentityProviderDeps } from "./identity-provider.ts";

/** The identity providers of the present configuration; each is discovered once, and anew when its settings change. */
export interface IdentityProviders {
  /** Undefined when it is no longer configured. */
  find(id: string): IdentityProvider | undefined;
}

export interface IdentityProvidersDeps extends IdentityProviderDeps {
  readonly configuration: ConfigurationSource;
}

interface Known {
  readonly settings: string;
  readonly provider: IdentityProvider;
}

export function createIdentityProviders(deps: IdentityProvidersDeps): IdentityProviders {
  const known = new Map<string, Known>();
  return {
    find(id) {
      const model = deps.configuration.current().identityProviders.find((one) => one.id === id);
      if (model === undefined) {
        known.delete(id);
        return undefined;
      }
      const settings = JSON.stringify(model);
      const before = known.get(id);
      if (before?.settings === settings) return before.provider;
      const provider = createIdentityProvider(model, deps);
      known.set(id, { settings, provider });
      return provider;
    },
  };
}

/** Those that may vouch for people at an application; of all where it names none, or where there is no application. */
export function providersFor(
  { identityProviders }: Configuration,
  application: Application | undefined,
): readonly IdentityProviderModel[] {
  const allowed = application?.identityProviderIds ?? [];
  return allowed.length === 0 ? identityProviders : identityProviders.filter(({ id }) => allowed.includes(id));
}

import type { Logger } from "@gatehouse/service";
import type { ConfigurationSource } from "../policies/configuration.ts";
import type { EnterDeps } from "./enter.ts";
import type { GlobalSessions } from "./global-session.ts";
import type { IdentityProviders } from "./identity-providers.ts";
import type { LoginAttempts } from "./login-attempts.ts";
import type { Sessions } from "./sessions.ts";

/** What the three steps of a login need. */
export interface LoginFlowDeps extends EnterDeps {
  readonly configuration: ConfigurationSource;
  readonly providers: IdentityProviders;
  readonly attempts: LoginAttempts;
  readonly sessions: Sessions;
  readonly global: GlobalSessions;
  readonly logger: Logger;
  readonly now: () => number;
}

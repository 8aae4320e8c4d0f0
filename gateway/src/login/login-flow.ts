import type { Logger } from "@gatehouse/service";
import type { ConfigurationSource } from "../policies/configuration.ts";
import type { AccessReply, AccessRequest } from "./access-reply.ts";
import type { EnterDeps } from "./enter.ts";
import type { GlobalSessions } from "./global-session.ts";
import type { IdentityProviders } from "./identity-providers.ts";
import type { LoginAttempts } from "./login-attempts.ts";
import { finishLogin } from "./login-finish.ts";
import { startLogin } from "./login-start.ts";
import type { Sessions } from "./sessions.ts";
import { takeOver } from "./take-over.ts";

export interface LoginFlowDeps extends EnterDeps {
  readonly configuration: ConfigurationSource;
  readonly providers: IdentityProviders;
  readonly attempts: LoginAttempts;
  readonly sessions: Sessions;
  readonly global: GlobalSessions;
  readonly issuerHost: string;
  readonly logger: Logger;
  readonly now: () => number;
}

/** A login's three steps, each a request of its own. */
export interface LoginFlow {
  /** `/login/<host>?kid&redirect_url`: off to the identity provider, or straight into the application. */
  start(request: AccessRequest): Promise<AccessReply>;
  /** `/callback?code&state`: back from it. */
  finish(request: AccessRequest): Promise<AccessReply>;
  /** `/authorized?ticket`: an application's own host takes over from the issuer's. */
  takeOver(request: AccessRequest): Promise<AccessReply>;
}

export function createLoginFlow(deps: LoginFlowDeps): LoginFlow {
  return {
    start: (request) => startLogin(request, deps),
    finish: (request) => finishLogin(request, deps),
    takeOver: (request) => takeOver(request, deps),
  };
}

import type { AccessReply, AccessRequest } from "./access-reply.ts";
import { finishLogin } from "./login-finish.ts";
import type { LoginFlowDeps } from "./login-flow-deps.ts";
import { startLogin } from "./login-start.ts";
import { takeOver } from "./take-over.ts";

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

import { PATHS } from "@gatehouse/access-client/contract";
import type { Logger } from "@gatehouse/service";
import type { AuditLog } from "../audit/audit-log.ts";
import type { SecretBox } from "../keys/secret-box.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { ConfigurationSource } from "../policies/configuration.ts";
import type { Authenticate } from "../request/authenticate.ts";
import type { Revocations } from "../revocations/revocations.ts";
import type { Store } from "../store/store.ts";
import { createAccessRoutes } from "./access-routes.ts";
import type { BindingCookies } from "./binding-cookie.ts";
import { createGlobalSessions } from "./global-session.ts";
import { createHandOver } from "./hand-over.ts";
import { createIdentityProviders } from "./identity-providers.ts";
import { createLoginAttempts } from "./login-attempts.ts";
import { createLoginFlow } from "./login-flow.ts";
import { createLoginLinks } from "./login-link.ts";
import { createLoginRecorder } from "./login-recorder.ts";
import { createPersonPasses } from "./person-pass.ts";
import type { Sessions } from "./sessions.ts";

export interface LoginDeps {
  readonly configuration: ConfigurationSource;
  readonly authenticate: Authenticate;
  readonly sessions: Sessions;
  readonly bindings: BindingCookies;
  readonly revocations: Revocations;
  readonly keys: SigningKeys;
  readonly store: Store;
  readonly box: SecretBox;
  readonly audit: Pick<AuditLog, "record">;
  /** The gateway's own address, where people log in. */
  readonly issuer: string;
  readonly logger: Logger;
  readonly now: () => number;
}

/** People's way in and out: the gateway's own endpoints, and links to them. */
export function createLogin(deps: LoginDeps) {
  const { configuration, issuer, now } = deps;
  const isSecure = issuer.startsWith("https:");
  const common = { ...deps, isSecure, issuerHost: new URL(issuer).host, recorder: createLoginRecorder(deps.audit) };
  const providers = createIdentityProviders({ configuration, redirectUri: issuer + PATHS.callback, now });
  const global = createGlobalSessions(common);
  const handOver = createHandOver(common);
  const attempts = createLoginAttempts(common);
  const makePass = createPersonPasses(common);
  const flow = createLoginFlow({ ...common, providers, attempts, handOver, global, makePass });
  return {
    routes: createAccessRoutes({ ...common, providers, global, flow }),
    linkToLogin: createLoginLinks(configuration, issuer, handOver),
  };
}

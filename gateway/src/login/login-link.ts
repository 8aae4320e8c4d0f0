import type { ConfigurationSource } from "../policies/configuration.ts";
import type { Application } from "../policies/model.ts";
import type { Target } from "../request/target.ts";
import type { HandOver } from "./hand-over.ts";
import { providersFor } from "./identity-providers.ts";
import { loginUrl } from "./login-goal.ts";

/** Where to log in, and what the browser must be given for the way. */
export interface LoginLink {
  readonly url: string;
  /** `Set-Cookie` values; none where the application is on the issuer's own host. */
  readonly cookies: readonly string[];
}

/** Links as an application's host hands them out, to come back to what was asked for; undefined where nobody can log in. */
export function createLoginLinks(
  configuration: ConfigurationSource,
  issuer: string,
  handOver: HandOver,
): (application: Application, target: Target, cookieHeaders: readonly string[]) => LoginLink | undefined {
  const issuerHost = new URL(issuer).host;
  return (application, { host, path, query }, cookieHeaders) => {
    if (providersFor(configuration.current(), application).length === 0) return undefined;
    const goal = { host, returnPath: path + query, binding: "" };
    if (host === issuerHost) return { url: loginUrl(issuer, application, goal), cookies: [] };
    const { binding, cookies } = handOver.bind(cookieHeaders);
    return { url: loginUrl(issuer, application, { ...goal, binding }), cookies };
  };
}

import { PATHS } from "@gatehouse/access-client/contract";
import type { Application } from "../policies/model.ts";
import { primaryHost } from "../policies/place.ts";
import type { HandOver } from "./hand-over.ts";

/** Where to log in, and what the browser must be given for the way. */
export interface LoginLink {
  readonly url: string;
  /** `Set-Cookie` value; undefined where the application is on the issuer's own host. */
  readonly cookie: string | undefined;
}

/** The login page's address for an application, coming back to `returnTo` (path and query). */
export function loginUrl(issuer: string, application: Application, returnTo: string, binding?: string): string {
  const query = new URLSearchParams({ kid: application.aud, redirect_url: returnTo });
  if (binding !== undefined) query.set("binding", binding);
  return `${issuer}${PATHS.login}/${primaryHost(application)}?${query}`;
}

/** Links as an application's host hands them out. */
export function createLoginLinks(
  issuer: string,
  handOver: HandOver,
): (application: Application, returnTo: string, cookieHeaders: readonly string[]) => LoginLink {
  const issuerHost = new URL(issuer).host;
  return (application, returnTo, cookieHeaders) => {
    if (primaryHost(application) === issuerHost)
      return { url: loginUrl(issuer, application, returnTo), cookie: undefined };
    const { binding, cookie } = handOver.bind(cookieHeaders);
    return { url: loginUrl(issuer, application, returnTo, binding), cookie };
  };
}

import { PATHS } from "@gatehouse/access-client/contract";
import type { Application } from "../policies/model.ts";

/** What a login is for, and where it comes back to. Made from checked parts only. */
export interface LoginGoal {
  /** The application's audience tag; empty for the launcher. */
  readonly aud: string;
  /** The host that the browser came from, with its port. */
  readonly host: string;
  /** Path and query there. */
  readonly returnPath: string;
  /** Ties the login to the browser at the application's own host (see hand-over.ts); empty on the issuer's host. */
  readonly binding: string;
}

export const LAUNCHER_PATH = "/cdn-cgi/access/launcher";

/** The login page's address for an application on one of its hosts, coming back to `returnPath` (path and query). */
export function loginUrl(
  issuer: string,
  application: Application,
  { host, returnPath, binding }: Omit<LoginGoal, "aud">,
): string {
  const query = new URLSearchParams({ kid: application.aud, redirect_url: returnPath });
  if (binding !== "") query.set("binding", binding);
  return `${issuer}${PATHS.login}/${host}?${query}`;
}

/** The same login once more, with another choice. */
export function goalUrl(issuer: string, application: Application | undefined, goal: LoginGoal): string {
  return application === undefined ? `${issuer}${PATHS.login}?` : loginUrl(issuer, application, goal);
}

/** An address of ours, or of an application behind us: all are reached in the same way. */
export function addressOn(host: string, path: string, isSecure: boolean): string {
  return `${isSecure ? "https" : "http"}://${host}${path}`;
}

/** Where a login ends. */
export function returnAddress({ host, returnPath }: LoginGoal, isSecure: boolean): string {
  return addressOn(host, returnPath, isSecure);
}

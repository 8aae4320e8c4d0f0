import { COOKIES, PATHS } from "@gatehouse/access-client/contract";
import { pageReply } from "../pages/page.ts";
import type { Configuration, ConfigurationSource } from "../policies/configuration.ts";
import type { Subject } from "../request/authorize.ts";
import { type AccessReply, type AccessRequest, jsonReply, redirect } from "./access-reply.ts";
import { BINDING_COOKIE } from "./binding-cookie.ts";
import { clearCookie } from "./cookies.ts";
import type { GlobalSessions } from "./global-session.ts";
import type { IdentityProviders } from "./identity-providers.ts";
import type { LoginRecorder } from "./login-recorder.ts";
import { cookiePath, homePathOn } from "./places.ts";
import { type Session, type Sessions, subjectOf } from "./sessions.ts";

export interface LogoutDeps {
  readonly configuration: ConfigurationSource;
  readonly sessions: Sessions;
  readonly global: GlobalSessions;
  readonly providers: IdentityProviders;
  readonly recorder: LoginRecorder;
  readonly issuer: string;
  readonly issuerHost: string;
  readonly isSecure: boolean;
}

type Person = Extract<Subject, { kind: "person" }>;

/**
 * Ends the session at once and everywhere, for all applications, then sends the browser to end the identity provider's too, which
 * returns it to the issuer's logout, now without a session, for the page that says so. Nobody else names where it goes.
 *
 * @param subject Whose JWT the request shows.
 */
export async function logOut(
  subject: Subject | undefined,
  request: AccessRequest,
  deps: LogoutDeps,
): Promise<AccessReply> {
  const { target, rayId, facts } = request;
  const isIssuer = target.host === deps.issuerHost;
  const known = isIssuer ? await deps.global.find(request.cookieHeaders) : undefined;
  const people = peopleOf(subject, known);
  let location: string | undefined;
  for (const person of people) {
    const idToken = await deps.sessions.end(person.sessionId);
    if (idToken === undefined) continue;
    deps.recorder.loggedOut(person.email, { ip: facts.ip, rayId });
    location ??= await providerLogout(person.identityProviderId, idToken, deps);
  }
  // The issuer's own cookie can be taken away there only.
  if (location === undefined && !isIssuer) location = deps.issuer + PATHS.logout;
  const cookies = clearedCookies(target.host, deps);
  const event = "logged_out";
  if (request.requester === "program") return { reply: jsonReply({ logged_out: true }, rayId, cookies), event };
  if (location !== undefined) return { reply: redirect(location, rayId, cookies), event };
  const page = {
    title: "You are logged out",
    paragraphs: ["See you soon."],
    actions: [{ label: "Log in again", href: "/" }],
    rayId,
  };
  return { reply: pageReply(200, page, { "set-cookie": cookies }), event };
}

/** The session of the pass and the browser's login are the same one, mostly. */
function peopleOf(subject: Subject | undefined, known: Session | undefined): readonly Person[] {
  const people = [subject, known === undefined ? undefined : subjectOf(known)].filter(
    (one): one is Person => one?.kind === "person",
  );
  return people.filter(({ sessionId }, index) => people.findIndex((other) => other.sessionId === sessionId) === index);
}

/** Our own session has ended whatever the provider says, so its failure is not the person's. */
async function providerLogout(
  providerId: string,
  idToken: string,
  { providers, issuer }: LogoutDeps,
): Promise<string | undefined> {
  try {
    return await providers.find(providerId)?.logoutUrl(idToken, issuer + PATHS.logout);
  } catch {
    return undefined;
  }
}

function clearedCookies(host: string, deps: LogoutDeps): string[] {
  const { isSecure, configuration, issuerHost, global } = deps;
  const paths = new Set(["/", ...applicationPaths(host, configuration.current())]);
  const passes = [...paths].flatMap((path) =>
    [COOKIES.authorization, BINDING_COOKIE].map((name) => clearCookie(name, path, isSecure)),
  );
  return host === issuerHost ? [...passes, global.clear()] : passes;
}

/** Where applications of this host keep their cookies, besides `/`. */
function applicationPaths(host: string, { applications, choose }: Configuration): string[] {
  return applications
    .filter((one) => one.cookie.isPathBound && homePathOn(host, one, choose) !== undefined)
    .map((application) => cookiePath(application, host));
}

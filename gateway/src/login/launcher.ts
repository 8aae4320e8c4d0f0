import { PATHS } from "@gatehouse/access-client/contract";
import { type LauncherTile, renderLauncher } from "../pages/launcher-page.ts";
import type { Configuration, ConfigurationSource } from "../policies/configuration.ts";
import type { Application } from "../policies/model.ts";
import { authorize, type RequestFacts, type Subject } from "../request/authorize.ts";
import { type AccessReply, type AccessRequest, redirect } from "./access-reply.ts";
import type { GlobalSessions } from "./global-session.ts";
import { addressOn } from "./login-goal.ts";
import { homePathOn } from "./places.ts";
import { subjectOf } from "./sessions.ts";

export interface LauncherDeps {
  readonly configuration: ConfigurationSource;
  readonly global: GlobalSessions;
  readonly isSecure: boolean;
}

/** The page with the applications that a person may open; whoever is not logged in logs in first. */
export async function launch(request: AccessRequest, deps: LauncherDeps): Promise<AccessReply> {
  const { cookieHeaders, facts, rayId } = request;
  const session = await deps.global.find(cookieHeaders);
  if (session === undefined) return { reply: redirect(PATHS.login, rayId, []), event: "launcher_login" };
  const configuration = deps.configuration.current();
  const tiles = listedFor(subjectOf(session), facts, configuration).flatMap((application) =>
    tileOf(application, configuration, deps.isSecure),
  );
  const { name, email } = session;
  const reply = renderLauncher({ organization: configuration.organization, name, email, tiles, rayId });
  return { reply, event: "launcher" };
}

/** The applications that let a person in from here, by name. */
export function listedFor(
  person: Extract<Subject, { kind: "person" }>,
  facts: RequestFacts,
  { applications }: Configuration,
): readonly Application[] {
  return applications
    .filter((application) => application.isInLauncher && authorize(application, person, facts).outcome !== "refused")
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** None for an application that is only on hosts with a `*`: nobody can tell which one to open. */
function tileOf(application: Application, { choose }: Configuration, isSecure: boolean): LauncherTile[] {
  for (const { host } of application.destinations) {
    const path = host.includes("*") ? undefined : homePathOn(host, application, choose);
    if (path !== undefined) {
      const { name, logoUrl } = application;
      const where = host + (path === "/" ? "" : path);
      return [{ name, logoUrl, where, href: addressOn(host, path, isSecure) }];
    }
  }
  return [];
}

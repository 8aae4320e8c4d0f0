import { ACCESS_PATH_PREFIX } from "@gatehouse/access-client/contract";
import type { Application } from "../policies/model.ts";
import { homePath, primaryHost } from "../policies/place.ts";
import type { ApplicationChoice } from "../request/application.ts";
import { parseTarget, type Target } from "../request/target.ts";

/**
 * Where a login comes back to: the asked path (and query) if it lies in the application, else the application's first page. Read by
 * the same parser as a request, so `//evil`, `/\evil`, tabs and other hosts' addresses cannot get through; never to our own
 * endpoints, or a link could log people out.
 */
export function safeReturnPath(
  asked: string | undefined,
  application: Application,
  pick: (target: Target) => ApplicationChoice,
): string {
  const home = homePath(application);
  const parsed = asked === undefined ? undefined : parseTarget(asked, [primaryHost(application)]);
  if (!parsed?.ok || parsed.target.path.startsWith(ACCESS_PATH_PREFIX)) return home;
  const choice = pick(parsed.target);
  return choice.ok && choice.application === application ? parsed.target.path + parsed.target.query : home;
}

import { ACCESS_PATH_PREFIX } from "@gatehouse/access-client/contract";
import type { Application, Destination } from "../policies/model.ts";
import type { ApplicationChoice } from "../request/application.ts";
import { parseTarget, type Target } from "../request/target.ts";

type Choose = (target: Target) => ApplicationChoice;

/** It travels in a cookie and in two addresses; browsers drop a cookie beyond 4 KB. */
const MAX_RETURN_PATH_LENGTH = 2_000;

/**
 * Where a login comes back to on a host: the asked path (and query) if it lies in the application, else the application's first
 * page there; undefined where the application is not on that host at all. Read by the same parser as a request, so `//evil`,
 * `/\evil`, tabs and other hosts' addresses cannot get through; never to our own endpoints, or a link could log people out.
 */
export function returnPathOn(
  host: string,
  asked: string | undefined,
  application: Application,
  choose: Choose,
): string | undefined {
  if (asked !== undefined && asked.length <= MAX_RETURN_PATH_LENGTH) {
    const target = readTarget(host, asked);
    if (target !== undefined && isIn(application, target, choose)) return target.path + target.query;
  }
  return homePathOn(host, application, choose);
}

/** Whose page a path on a host is; without a path, the host's first page. */
export function applicationAt(host: string, asked: string | undefined, choose: Choose): Application | undefined {
  const target = readTarget(host, asked ?? "/");
  const choice = target === undefined ? undefined : choose(target);
  return choice?.ok === true ? choice.application : undefined;
}

/** The application's first page on a host. */
export function homePathOn(host: string, application: Application, choose: Choose): string | undefined {
  for (const { path } of application.destinations) {
    const target = readTarget(host, literalPath(path));
    if (target !== undefined && isIn(application, target, choose)) return target.path;
  }
  return undefined;
}

/** The path that an application's cookies are for: the application's own where it asks for that and has one on this host. */
export function cookiePath(application: Application, host: string): string {
  if (!application.cookie.isPathBound) return "/";
  const here = application.destinations.filter((destination) => destination.host === host);
  const paths = new Set((here.length > 0 ? here : application.destinations).map(({ path }) => literalPath(path)));
  const [only = "/", ...more] = paths;
  return more.length === 0 ? only : "/";
}

/** Up to the first `*`, in whole segments. */
function literalPath(path: Destination["path"]): string {
  const starAt = path.indexOf("*");
  const literal = starAt === -1 ? path : path.slice(0, path.lastIndexOf("/", starAt));
  return literal === "" ? "/" : literal;
}

function readTarget(host: string, path: string): Target | undefined {
  const parsed = parseTarget(path, [host]);
  return parsed.ok && !parsed.target.path.startsWith(ACCESS_PATH_PREFIX) ? parsed.target : undefined;
}

function isIn(application: Application, target: Target, choose: Choose): boolean {
  const choice = choose(target);
  return choice.ok && choice.application.aud === application.aud;
}

import type { Application } from "../policies/model.ts";
import type { Target } from "./target.ts";

export type ApplicationChoice =
  | { readonly ok: true; readonly application: Application }
  | { readonly ok: false; readonly reason: "no_application" | "bad_request" };

export interface ApplicationPicker {
  choose(target: Target): ApplicationChoice;
  /** Whether any application is on this host. */
  serves(host: string): boolean;
}

/**
 * Picks the application of a target: the one on its host with the longest path that covers it.
 *
 * Some origins ignore case, or a `;parameter` in a segment. Where reading the path their way would give another application,
 * the request is refused as ambiguous rather than judged by the wrong policies.
 */
export function createApplicationPicker(applications: readonly Application[]): ApplicationPicker {
  const places = applications.flatMap((application) =>
    application.destinations.map(({ host, path }) => ({ host, path, application })),
  );
  const byHost = Map.groupBy(places, ({ host }) => host);
  const hosts = new Map(
    [...byHost].map(([host, group]) => [host, group.toSorted((a, b) => b.path.length - a.path.length)]),
  );
  return {
    serves: (host) => hosts.has(host),
    choose({ host, path }) {
      const candidates = hosts.get(host);
      if (candidates === undefined) return { ok: false, reason: "no_application" };
      const exact = candidates.find((place) => covers(place.path, path))?.application;
      const folded = fold(path);
      const loose = candidates.find((place) => covers(place.path.toLowerCase(), folded))?.application;
      if (exact !== loose) return { ok: false, reason: "bad_request" };
      return exact === undefined ? { ok: false, reason: "no_application" } : { ok: true, application: exact };
    },
  };
}

function covers(applicationPath: string, path: string): boolean {
  return (
    path.startsWith(applicationPath) && (path.length === applicationPath.length || isBoundary(applicationPath, path))
  );
}

function isBoundary(applicationPath: string, path: string): boolean {
  return path[applicationPath.length] === "/";
}

function fold(path: string): string {
  return path.toLowerCase().replace(/;[^/]*/g, "");
}

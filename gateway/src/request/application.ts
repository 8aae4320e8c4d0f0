import { hostMatches } from "../policies/host-pattern.ts";
import type { Application } from "../policies/model.ts";
import { covers, firstSegmentOf, type PathPattern, pathPattern } from "../policies/path-pattern.ts";
import { bySpecificity } from "../policies/specificity.ts";
import type { Target } from "./target.ts";

export type ApplicationChoice =
  | { readonly ok: true; readonly application: Application }
  | { readonly ok: false; readonly reason: "no_application" | "bad_request" };

export interface ApplicationPicker {
  choose(target: Target): ApplicationChoice;
  /** Whether any application is on this host. */
  serves(host: string): boolean;
}

const NO_APPLICATION: ApplicationChoice = { ok: false, reason: "no_application" };
const AMBIGUOUS: ApplicationChoice = { ok: false, reason: "bad_request" };

interface Place {
  /** Its place among all, the most specific path first. */
  readonly rank: number;
  readonly host: string;
  readonly path: string;
  readonly pattern: PathPattern;
  /** As origins read it that ignore case. */
  readonly folded: PathPattern;
  readonly choice: ApplicationChoice & { readonly ok: true };
}

type Shape = "pattern" | "folded";

/** Gives the most specific place of one host that covers a path. */
type FindPlace = (path: string, shape: Shape) => Place | undefined;

/**
 * Picks the application of a target: on the most specific host that matches, the most specific path that covers it. A host without
 * wildcards comes before any with; where no path of it covers the target, those with wildcards are asked.
 *
 * Some origins ignore case, or a `;parameter` in a segment, and all decode escapes: `/a%40b` is `/a@b` to them. Where reading the
 * path their way would give another application, the request is refused as ambiguous rather than judged by the wrong policies.
 */
export function createApplicationPicker(applications: readonly Application[]): ApplicationPicker {
  const places = applications
    .flatMap(placesOf)
    .toSorted((a, b) => bySpecificity(a.path, b.path))
    .map((place, rank) => ({ ...place, rank }));
  const byHost = new Map<string, FindPlace>();
  for (const [host, own] of Map.groupBy(places, (place) => place.host)) byHost.set(host, createFind(own));
  const isFolded = places.every(({ path }) => path === path.toLowerCase());
  const wildcards = createWildcardHosts([...byHost.keys()].filter((host) => host.includes("*")));
  const pick = (host: string, path: string, shape: Shape) => {
    const own = byHost.get(host)?.(path, shape);
    if (own !== undefined || wildcards === undefined) return own;
    for (const pattern of wildcards(host)) {
      const place = byHost.get(pattern)?.(path, shape);
      if (place !== undefined) return place;
    }
    return undefined;
  };
  return {
    serves: (host) => byHost.has(host) || (wildcards !== undefined && wildcards(host).length > 0),
    choose({ host, path }) {
      const exact = pick(host, path, "pattern");
      if (!isFolded || MAY_BE_READ_OTHERWISE.test(path)) {
        const loose = pick(host, fold(path), "folded");
        if (exact?.choice.application !== loose?.choice.application) return AMBIGUOUS;
      }
      return exact === undefined ? NO_APPLICATION : exact.choice;
    },
  };
}

function placesOf(application: Application): Omit<Place, "rank">[] {
  const choice = { ok: true, application } as const;
  return application.destinations.map(({ host, path }) => {
    return { host, path, pattern: pathPattern(path), folded: pathPattern(path.toLowerCase()), choice };
  });
}

/** A host may have a thousand places: those that name their first segment are looked up by it. */
function createFind(places: readonly Place[]): FindPlace {
  const groups = {
    pattern: Map.groupBy(places, ({ pattern }) => firstSegmentOf(pattern)),
    folded: Map.groupBy(places, ({ folded }) => firstSegmentOf(folded)),
  };
  return (path, shape) => {
    const end = path.indexOf("/", 1);
    const named = firstCovering(groups[shape].get(end === -1 ? path : path.slice(0, end)), path, shape);
    const other = firstCovering(groups[shape].get(undefined), path, shape);
    if (named === undefined || other === undefined) return named ?? other;
    return named.rank < other.rank ? named : other;
  };
}

/** The first of some, which stand the most specific first. */
function firstCovering(places: readonly Place[] | undefined, path: string, shape: Shape): Place | undefined {
  if (places === undefined) return undefined;
  for (const place of places) if (covers(place[shape], path)) return place;
  return undefined;
}

/** Finds the patterns that match a host, the most specific first, by the labels after their last wildcard; undefined when there are no patterns. */
function createWildcardHosts(patterns: readonly string[]): ((host: string) => readonly string[]) | undefined {
  if (patterns.length === 0) return undefined;
  const bySuffix = Map.groupBy(patterns, (pattern) => afterFirstDot(pattern, pattern.lastIndexOf("*")));
  return (host) => {
    const found: string[] = [];
    for (let suffix: string | undefined = afterFirstDot(host, 0); suffix !== undefined; ) {
      for (const pattern of bySuffix.get(suffix) ?? []) if (hostMatches(pattern, host)) found.push(pattern);
      suffix = suffix === "" ? undefined : afterFirstDot(suffix, 0);
    }
    return found.sort(bySpecificity);
  };
}

/** What follows the first dot at or after a place; empty when there is none. */
function afterFirstDot(text: string, from: number): string {
  const dot = text.indexOf(".", from);
  return dot === -1 ? "" : text.slice(dot + 1);
}

const MAY_BE_READ_OTHERWISE = /[A-Z;%]/;

/** Of a target's path, whose escapes are whole and UTF-8. */
function fold(path: string): string {
  return decodeURIComponent(path)
    .toLowerCase()
    .replace(/[;?#][^/]*/g, "");
}

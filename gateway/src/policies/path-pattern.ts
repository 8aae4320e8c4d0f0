/** A path that an application is on, made ready for comparing. */
export interface PathPattern {
  /** What stands between the wildcards, in order; one part only where there is none. */
  readonly parts: readonly string[];
}

export function pathPattern(path: string): PathPattern {
  return { parts: path.split("*") };
}

/**
 * Whether a path is the pattern's or lies below it, at a slash: `/reports` covers `/reports` and `/reports/2026`, not `/reportser`.
 * `*` stands for any characters, slashes too, so `/foo*\/bar` covers `/foo/a/b/bar/c`. Linear in the path's length: each part is
 * looked for once, from where the one before it ended, for the leftmost place leaves the most to the rest.
 */
export function covers({ parts }: PathPattern, path: string): boolean {
  const first = parts[0] ?? "";
  if (!path.startsWith(first)) return false;
  if (parts.length === 1) return endsAtBoundary(path, first.length);
  const rest = parts.slice(1);
  const last = rest.length - 1;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    if (index === last) return part === "" || hasAtBoundary(path, part, at);
    at = path.indexOf(part, at);
    if (at === -1) return false;
    at += part.length;
  }
  return false;
}

/** The first segment of every path that a pattern covers; undefined where they differ. */
export function firstSegmentOf({ parts }: PathPattern): string | undefined {
  const first = parts[0] ?? "";
  const end = first.indexOf("/", 1);
  if (end !== -1) return first.slice(0, end);
  return parts.length === 1 && first !== "" ? first : undefined;
}

function hasAtBoundary(path: string, part: string, from: number): boolean {
  for (let at = path.indexOf(part, from); at !== -1; at = path.indexOf(part, at + 1)) {
    if (endsAtBoundary(path, at + part.length)) return true;
  }
  return false;
}

function endsAtBoundary(path: string, end: number): boolean {
  return end === path.length || path.charCodeAt(end) === 47;
}

import type { Destination } from "./model.ts";

const NAME = "[a-z0-9*](?:[a-z0-9.*-]*[a-z0-9*])?";
const ADDRESS = "\\[[0-9a-f:.]+\\]";
/** `;` is not in it: origins that cut a segment there would read another path than the one that is judged. */
const PATH = "/[A-Za-z0-9._~!$&'()*+,=:@/-]*";
const SHAPE = new RegExp(`^(${NAME}|${ADDRESS})(:[1-9]\\d{0,4})?(${PATH})?$`, "i");

export type DestinationResult =
  | { readonly ok: true; readonly destination: Destination }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads `stats.example.com`, `stats.example.com/reports`, `localhost:4001`, `*.example.com`, `example.com/foo*\/bar`.
 *
 * `*` in the host covers a label or a part of one; in the path any characters, slashes too. One at most between two dots or slashes.
 * `host/` and `host/*` are the whole host; `host/a` is `/a` and everything below it; `host/a/*` only what is below it.
 * Source: https://developers.cloudflare.com/cloudflare-one/access-controls/policies/app-paths/
 */
export function parseDestination(text: string): DestinationResult {
  const match = SHAPE.exec(text);
  if (match === null) {
    return refused(
      "must be a host, with a port or a path if needed: stats.example.com/reports (no scheme, query or fragment)",
    );
  }
  const [, name = "", port = "", rawPath = ""] = match;
  if (hasTwoWildcards(name.split(".")) || hasTwoWildcards(rawPath.split("/"))) {
    return refused("has two wildcards (*) between two dots or slashes: one at most");
  }
  if (name.includes("..")) return refused("has an empty label in its host");
  if (/\/\.{0,2}(?=\/.)|\/\.{1,2}\/?$/.test(rawPath)) {
    return refused("has an empty or a dot segment in its path: no request with one is let through");
  }
  const path = rawPath === "/*" ? "" : rawPath.replace(/\/$/, "");
  return { ok: true, destination: { host: `${name}${port}`.toLowerCase(), path } };
}

/** As it is written. */
export function destinationText({ host, path }: Destination): string {
  return host + path;
}

/** Two destinations with the same key cover the same requests: hosts and origins may ignore the path's case. */
export function destinationKey({ host, path }: Destination): string {
  return host + path.toLowerCase();
}

function refused(problem: string): DestinationResult {
  return { ok: false, problem };
}

function hasTwoWildcards(parts: readonly string[]): boolean {
  return parts.some((part) => part.indexOf("*") !== part.lastIndexOf("*"));
}

/** What a request asks for, read once; everything that decides and everything that is forwarded comes from here. */
export interface Target {
  /** Lower case, with the port if the client gave one. */
  readonly host: string;
  /** As received, byte for byte. */
  readonly path: string;
  /** With its `?`, or empty; as received. */
  readonly query: string;
}

export type TargetResult =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly problem: string };

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const MAX_HOST_LENGTH = 255;
/** Path bytes of RFC 3986, and those that browsers leave unescaped. */
const PATH = /^\/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/|[\]^{}"<>`]|%[0-9A-Fa-f]{2})*$/;
const QUERY = /^\?[\x21\x22\x24-\x7e]*$/;
/** Escapes that decoders disagree on: of `/`, `\`, control bytes, of `%` itself (double escapes), and of letters, digits and `-._~`, which never need one. */
const AMBIGUOUS_ESCAPE =
  /%(?:2[fF]|5[cC]|[01][0-9a-fA-F]|7[fF]|25[0-9a-fA-F]{2}|2[dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|7[eE])/;
/** A segment of one or two dots, also before `;`, where some servers cut. */
const DOT_SEGMENT = /\/\.{1,2}(?:[/;]|$)/;

/**
 * Reads the request target and the Host header. What two servers could read in two ways is refused, so that the path that is
 * authorised is the path that the origin sees.
 *
 * @param url The target of the request line, raw.
 * @param hosts All Host headers, raw.
 */
export function parseTarget(url: string, hosts: readonly string[]): TargetResult {
  const [host = "", ...more] = hosts;
  if (hosts.length === 0) return refused("the request has no Host header");
  if (more.length > 0) return refused("the request has more than one Host header");
  if (host.length > MAX_HOST_LENGTH || !HOST.test(host)) return refused("the Host header is not a host name");
  const local = url.startsWith("/") ? url : stripAuthority(url, host);
  if (local === undefined) return refused("the request target is not a path on this host");
  const queryAt = local.indexOf("?");
  const path = queryAt === -1 ? local : local.slice(0, queryAt);
  const query = queryAt === -1 ? "" : local.slice(queryAt);
  const problem =
    pathProblem(path) ?? (query === "" || QUERY.test(query) ? undefined : "the query has a forbidden character");
  return problem === undefined ? { ok: true, target: { host: host.toLowerCase(), path, query } } : refused(problem);
}

function refused(problem: string): TargetResult {
  return { ok: false, problem };
}

/** `http://host/path` (RFC 9112, 3.2.2) is taken when the host is the one of the Host header. */
function stripAuthority(url: string, host: string): string | undefined {
  const match = /^https?:\/\/([^/?#\\@]+)(\/.*)$/i.exec(url);
  return match?.[1]?.toLowerCase() === host.toLowerCase() ? match[2] : undefined;
}

function pathProblem(path: string): string | undefined {
  if (path.includes("\\")) return "the path has a backslash";
  if (path.includes("#")) return "the path has a fragment";
  if (path.includes("//")) return "the path has two slashes in a row";
  if (!PATH.test(path)) return "the path has a forbidden character or an invalid escape";
  if (DOT_SEGMENT.test(path)) return "the path has a dot segment";
  if (!isUtf8(path)) return "the path escapes bytes that are no UTF-8";
  if (AMBIGUOUS_ESCAPE.test(path)) return "the path escapes a character in a way that servers read differently";
  return undefined;
}

/** Also refuses overlong forms: `%c0%af` is a slash to a careless decoder. */
function isUtf8(path: string): boolean {
  if (!path.includes("%")) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

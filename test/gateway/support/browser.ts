import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { LookupFunction } from "node:net";
import { text } from "node:stream/consumers";

/** What a browser does that fetch does not: keeps cookies (per host name, with paths), and follows redirects as a person's navigation. */
export interface Browser {
  /** Goes to an address and follows redirects; the last answer counts. */
  open(url: string): Promise<Page>;
  submit(url: string, form: Record<string, string>): Promise<Page>;
  cookie(host: string, name: string): string | undefined;
  setCookie(host: string, name: string, value: string, path?: string): void;
  cookieNames(host: string): string[];
  /** The `Set-Cookie` lines of all answers so far. */
  readonly received: readonly string[];
}

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Every address on the way, the last one included. */
  readonly trail: readonly string[];
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

const MAX_REDIRECTS = 20;

export function openBrowser(): Browser {
  const received: string[] = [];
  const jars = new Map<string, Map<string, Cookie>>();
  const jarOf = (host: string) => {
    const jar = jars.get(host) ?? new Map<string, Cookie>();
    jars.set(host, jar);
    return jar;
  };
  const go = async (url: string, form: Record<string, string> | undefined, trail: readonly string[]): Promise<Page> => {
    const { hostname, pathname } = new URL(url);
    const jar = jarOf(hostname);
    const sent = [...jar.values()]
      .filter(({ path }) => pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`))
      .toSorted((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`);
    const headers = {
      accept: "text/html,application/xhtml+xml",
      "sec-fetch-mode": "navigate",
      ...(sent.length > 0 && { cookie: sent.join("; ") }),
      ...(form !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
    };
    const answer = await send(url, form, headers);
    received.push(...(answer.headers["set-cookie"] ?? []));
    for (const line of answer.headers["set-cookie"] ?? []) keepCookie(jar, line);
    const { location } = answer.headers;
    const path = [...trail, url];
    if (location === undefined || path.length > MAX_REDIRECTS) return { url, trail: path, ...answer };
    return go(new URL(location, url).href, undefined, path);
  };
  return {
    open: (url) => go(url, undefined, []),
    submit: (url, form) => go(url, form, []),
    cookie: (host, name) =>
      jarOf(host)
        .values()
        .find((cookie) => cookie.name === name)?.value,
    setCookie: (host, name, value, path = "/") => void jarOf(host).set(keyOf(name, path), { name, value, path }),
    cookieNames: (host) => [...jarOf(host).values()].map(({ name }) => name),
    received,
  };
}

/** `fetch` would say `Sec-Fetch-Mode: cors`, whatever it is told. */
async function send(
  url: string,
  form: Record<string, string> | undefined,
  headers: Record<string, string>,
): Promise<Pick<Page, "status" | "headers" | "text">> {
  // A connection each, so that a gateway may restart in between.
  const outgoing = request(url, { method: form === undefined ? "GET" : "POST", headers, agent: false, lookup });
  outgoing.end(form === undefined ? undefined : new URLSearchParams(form).toString());
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, text: await text(response) };
}

/** Every name is this machine's, as the tests' applications have names of their own. */
const lookup: LookupFunction = (_name, options, callback) => {
  if (options.all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

function keepCookie(jar: Map<string, Cookie>, line: string): void {
  const [pair = "", ...attributes] = line.split("; ");
  const at = pair.indexOf("=");
  const name = pair.slice(0, at);
  const value = pair.slice(at + 1);
  const attribute = (key: string) =>
    attributes.find((text) => text.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
  const expires = attribute("expires");
  const path = attribute("path") ?? "/";
  if (value === "" || (expires !== undefined && Date.parse(expires) < Date.now())) jar.delete(keyOf(name, path));
  else jar.set(keyOf(name, path), { name, value, path });
}

/** Two cookies of one name may be there, for two paths. */
function keyOf(name: string, path: string): string {
  return `${name};${path}`;
}

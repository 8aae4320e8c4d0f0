import { COOKIES } from "./contract.ts";

type HeaderValue = string | readonly string[] | undefined;
const PREFIX = `${COOKIES.authorization}=`;

/** The value of `CF_Authorization` in a response's `Set-Cookie`, when it sets one (an empty one deletes it). */
export function findAuthorization(setCookie: HeaderValue): string | undefined {
  const cookie = [setCookie ?? []].flat().find((text) => text.startsWith(PREFIX));
  return cookie?.slice(PREFIX.length).split(";", 1)[0]?.trim() || undefined;
}

/** Whether a response sets `CF_Authorization`. */
export function hasAuthorization(setCookie: HeaderValue): boolean {
  return setCookie !== undefined && [setCookie].flat().some((text) => text.startsWith(PREFIX));
}

/** Response headers without the `CF_Authorization` cookie: the JWT is the client's affair, not its caller's. */
export function withoutAuthorization<Headers extends Record<string, string | string[] | undefined>>(
  headers: Headers,
): Headers {
  const kept = [headers["set-cookie"] ?? []].flat().filter((text) => !text.startsWith(PREFIX));
  const { "set-cookie": _, ...rest } = headers;
  return (kept.length === 0 ? rest : { ...rest, "set-cookie": kept }) as Headers;
}

/** The same for headers as name, value, name, value. */
export function rawWithoutAuthorization<Item extends string | Buffer>(raw: readonly Item[]): Item[] {
  const isDropped = (index: number): boolean =>
    String(raw[index]).toLowerCase() === "set-cookie" && String(raw[index + 1]).startsWith(PREFIX);
  return raw.filter((_, index) => !isDropped(index - (index % 2)));
}

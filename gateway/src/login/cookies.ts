import { COOKIES } from "@gatehouse/access-client/contract";

export interface CookieOptions {
  readonly path: string;
  readonly expiresAtMs: number;
  /** False only where the gateway itself is reached over plain http, which is allowed on loopback alone. */
  readonly isSecure: boolean;
}

/**
 * A cookie that scripts cannot read and other sites cannot make a browser send, except by a link. With `Expires`, for Access's own
 * command line ignores cookies without.
 */
export function formatCookie(name: string, value: string, { path, expiresAtMs, isSecure }: CookieOptions): string {
  const expires = new Date(expiresAtMs).toUTCString();
  return `${name}=${value}; Expires=${expires}; Path=${path}; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
}

/** Takes a cookie away. */
export function clearCookie(name: string, path: string, isSecure: boolean): string {
  return formatCookie(name, "", { path, expiresAtMs: 0, isSecure });
}

/** The pass cookie of both bots and people: for the whole host. */
export function passCookie(jwt: string, expSeconds: number, isSecure: boolean): string {
  return formatCookie(COOKIES.authorization, jwt, { path: "/", expiresAtMs: expSeconds * 1000, isSecure });
}

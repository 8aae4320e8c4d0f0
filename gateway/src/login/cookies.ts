import { COOKIES } from "@gatehouse/access-client/contract";
import type { Application } from "../policies/model.ts";
import { cookiePath } from "./places.ts";

export interface CookieOptions {
  readonly path: string;
  readonly expiresAtMs: number;
  /** False only where the gateway itself is reached over plain http, which is allowed on loopback alone. */
  readonly isSecure: boolean;
  /** Default `lax`: other sites cannot make a browser send it, except by a link. */
  readonly sameSite?: "none" | "lax" | "strict";
  /** Default true: scripts cannot read it. */
  readonly isHttpOnly?: boolean;
}

/** A `Set-Cookie` value. With `Expires`, for Access's own command line ignores cookies without. */
export function formatCookie(name: string, value: string, options: CookieOptions): string {
  const { path, expiresAtMs, isSecure, sameSite = "lax", isHttpOnly = true } = options;
  // Browsers drop a `None` without `Secure`.
  const site = sameSite === "none" && !isSecure ? "lax" : sameSite;
  const attributes = [`Expires=${new Date(expiresAtMs).toUTCString()}`, `Path=${path}`];
  if (isHttpOnly) attributes.push("HttpOnly");
  attributes.push(`SameSite=${site[0]?.toUpperCase()}${site.slice(1)}`);
  if (isSecure) attributes.push("Secure");
  return [`${name}=${value}`, ...attributes].join("; ");
}

/** Takes a cookie away. */
export function clearCookie(name: string, path: string, isSecure: boolean): string {
  return formatCookie(name, "", { path, expiresAtMs: 0, isSecure });
}

/**
 * The name of a cookie that only we know. With the prefix (RFC 6265bis, 4.1.3) no other host of the same domain can plant one; it
 * needs TLS.
 */
export function ownCookieName(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name;
}

/** Where an application's cookies are set. */
export interface CookiePlace {
  readonly application: Application;
  readonly host: string;
  readonly isSecure: boolean;
}

/** The pass cookie of both bots and people, with the attributes that the application asks for. */
export function passCookie(jwt: string, expSeconds: number, place: CookiePlace): string {
  return formatCookie(COOKIES.authorization, jwt, applicationCookieOptions(expSeconds, place));
}

export function applicationCookieOptions(expSeconds: number, { application, host, isSecure }: CookiePlace) {
  const { sameSite, isHttpOnly } = application.cookie;
  return { path: cookiePath(application, host), expiresAtMs: expSeconds * 1000, isSecure, sameSite, isHttpOnly };
}

/** The names of all cookies in a Cookie header, in its order. */
export function cookieNames(header: string): string[] {
  return header.split(";").map((pair) => (pair.split("=", 1)[0] ?? "").trim());
}

import { createHmac, timingSafeEqual } from "node:crypto";
import { applicationCookieOptions, type CookiePlace, formatCookie } from "./cookies.ts";

/** Access's name for the cookie that a pass is bound to (`enable_binding_cookie`). It never reaches an origin. */
export const BINDING_COOKIE = "CF_Binding";

/**
 * Whoever steals a person's JWT from the application still lacks this cookie, which only the browser and the gateway see. It
 * follows from the session and the application, so nothing has to be kept.
 */
export interface BindingCookies {
  /** The `Set-Cookie` value that goes with a pass; scripts never read it. */
  cookie(sessionId: string, expSeconds: number, place: CookiePlace): string;
  /** Whether one of the cookies sent is the one for this session. */
  isBound(sent: readonly string[], sessionId: string, aud: string): boolean;
}

export function createBindingCookies(key: Buffer): BindingCookies {
  const bindingOf = (sessionId: string, aud: string) =>
    createHmac("sha256", key).update(`${sessionId}\n${aud}`).digest("base64url");
  return {
    cookie(sessionId, expSeconds, place) {
      const options = { ...applicationCookieOptions(expSeconds, place), isHttpOnly: true };
      return formatCookie(BINDING_COOKIE, bindingOf(sessionId, place.application.aud), options);
    },
    isBound(sent, sessionId, aud) {
      const expected = Buffer.from(bindingOf(sessionId, aud));
      return sent.some((value) => {
        const bytes = Buffer.from(value);
        return bytes.length === expected.length && timingSafeEqual(bytes, expected);
      });
    },
  };
}

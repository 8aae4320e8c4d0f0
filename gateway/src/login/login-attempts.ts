import { COOKIES, PATHS } from "@gatehouse/access-client/contract";
import type { SecretBox } from "../keys/secret-box.ts";
import { cookieValues } from "../request/credential.ts";
import { clearCookie, formatCookie } from "./cookies.ts";
import { type LoginSecrets, newLoginSecrets } from "./identity-provider.ts";
import { type SpentTicketsDeps, spendOnce } from "./spent-tickets.ts";

/** A login under way. It lives in an encrypted cookie of the browser that began it, so strangers cannot fill our store. */
export interface LoginAttempt {
  readonly secrets: LoginSecrets;
  /** The application, by its audience tag. */
  readonly aud: string;
  /** Where it goes back to; already checked. */
  readonly returnPath: string;
  /** Ties it to the browser at the application's own host (see hand-over.ts); empty on the issuer's host. */
  readonly binding: string;
  readonly expiresAtMs: number;
}

export interface LoginAttempts {
  begin(goal: Pick<LoginAttempt, "aud" | "returnPath" | "binding">): {
    readonly attempt: LoginAttempt;
    readonly cookie: string;
  };
  /** The attempt that this browser began with this state, once; undefined when it did not, it is too old, or it was used. */
  spend(state: string, cookieHeaders: readonly string[]): Promise<LoginAttempt | undefined>;
  /** The header that takes the attempt's cookie away. */
  forget(state: string): string;
}

export interface LoginAttemptsDeps extends SpentTicketsDeps {
  readonly box: SecretBox;
  readonly isSecure: boolean;
}

/** Long enough to find a phone for the second factor. */
const ATTEMPT_LIFE_MS = 15 * 60_000;
const STATE_SHAPE = /^[\w-]{20,128}$/;
/** Tells parallel attempts in several tabs apart. */
const cookieName = (state: string) => `${COOKIES.appSession}_${state.slice(0, 12)}`;
const SEALING_PURPOSE = "login attempt";

export function createLoginAttempts(deps: LoginAttemptsDeps): LoginAttempts {
  const { box, isSecure, now } = deps;
  return {
    begin(goal) {
      const attempt = { ...goal, secrets: newLoginSecrets(), expiresAtMs: now() + ATTEMPT_LIFE_MS };
      const sealed = box.seal(SEALING_PURPOSE, JSON.stringify(attempt));
      const options = { path: PATHS.callback, expiresAtMs: attempt.expiresAtMs, isSecure };
      return { attempt, cookie: formatCookie(cookieName(attempt.secrets.state), sealed, options) };
    },
    async spend(state, cookieHeaders) {
      if (!STATE_SHAPE.test(state)) return undefined;
      const [sealed] = cookieHeaders.flatMap((header) => cookieValues(header, cookieName(state)));
      const text = sealed === undefined ? undefined : box.open(SEALING_PURPOSE, sealed);
      if (text === undefined) return undefined;
      const attempt = JSON.parse(text) as LoginAttempt;
      const isLive = attempt.secrets.state === state && now() < attempt.expiresAtMs;
      return isLive && (await spendOnce(deps, state, attempt.expiresAtMs)) ? attempt : undefined;
    },
    forget: (state) => clearCookie(cookieName(state), PATHS.callback, isSecure),
  };
}

import { COOKIES } from "@gatehouse/access-client/contract";
import type { SecretBox } from "../keys/secret-box.ts";
import { cookieValues } from "../request/credential.ts";
import { clearCookie, cookieNames, formatCookie, ownCookieName } from "./cookies.ts";
import { type LoginSecrets, newLoginSecrets } from "./identity-provider.ts";
import type { LoginGoal } from "./login-goal.ts";
import { type SpentTicketsDeps, spendOnce } from "./spent-tickets.ts";

/** A login under way. It lives in an encrypted cookie of the browser that began it, so strangers cannot fill our store. */
export interface LoginAttempt {
  readonly secrets: LoginSecrets;
  /** The identity provider that was asked: no other may answer. */
  readonly providerId: string;
  /** Whether the person wants to be somebody else than before. */
  readonly mustAskAgain: boolean;
  readonly goal: LoginGoal;
  readonly expiresAtMs: number;
}

export interface LoginAttempts {
  /** Makes an attempt, and the cookies that keep it; those of attempts that piled up unfinished are taken away. */
  begin(
    attempt: Pick<LoginAttempt, "providerId" | "mustAskAgain" | "goal">,
    cookieHeaders: readonly string[],
  ): { readonly attempt: LoginAttempt; readonly cookies: readonly string[] };
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
/** In as many tabs of one browser may logins be under way; more cookies would grow past what a header may hold. */
const MAX_ATTEMPTS = 8;
const STATE_SHAPE = /^[\w-]{20,128}$/;
const SEALING_PURPOSE = "login attempt";

export function createLoginAttempts(deps: LoginAttemptsDeps): LoginAttempts {
  const { box, isSecure, now } = deps;
  const prefix = ownCookieName(`${COOKIES.appSession}_`, isSecure);
  /** Tells parallel attempts in several tabs apart. */
  const nameOf = (state: string) => prefix + state.slice(0, 12);
  return {
    begin(goal, cookieHeaders) {
      const attempt = { ...goal, secrets: newLoginSecrets(), expiresAtMs: now() + ATTEMPT_LIFE_MS };
      const sealed = box.seal(SEALING_PURPOSE, JSON.stringify(attempt));
      const cookie = formatCookie(nameOf(attempt.secrets.state), sealed, {
        path: "/",
        expiresAtMs: attempt.expiresAtMs,
        isSecure,
      });
      return { attempt, cookies: [cookie, ...excess(cookieHeaders, prefix, isSecure)] };
    },
    async spend(state, cookieHeaders) {
      if (!STATE_SHAPE.test(state)) return undefined;
      const [sealed] = cookieHeaders.flatMap((header) => cookieValues(header, nameOf(state)));
      const text = sealed === undefined ? undefined : box.open(SEALING_PURPOSE, sealed);
      if (text === undefined) return undefined;
      const attempt = JSON.parse(text) as LoginAttempt;
      const isLive = attempt.secrets.state === state && now() < attempt.expiresAtMs;
      return isLive && (await spendOnce(deps, state, attempt.expiresAtMs)) ? attempt : undefined;
    },
    forget: (state) => clearCookie(nameOf(state), "/", isSecure),
  };
}

/** Browsers send the oldest first (RFC 6265, 5.4). */
function excess(cookieHeaders: readonly string[], prefix: string, isSecure: boolean): string[] {
  const names = cookieHeaders.flatMap(cookieNames).filter((name) => name.startsWith(prefix));
  return names.slice(0, Math.max(0, names.length + 1 - MAX_ATTEMPTS)).map((name) => clearCookie(name, "/", isSecure));
}

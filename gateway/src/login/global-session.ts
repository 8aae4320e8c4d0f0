import type { SecretBox } from "../keys/secret-box.ts";
import type { ConfigurationSource } from "../policies/configuration.ts";
import { cookieValues } from "../request/credential.ts";
import { clearCookie, formatCookie, ownCookieName } from "./cookies.ts";
import type { Session, Sessions } from "./sessions.ts";

/**
 * The login that serves all applications: a cookie on the issuer's own host, which an application's host never sees. It holds the
 * session's id encrypted, for the id itself stands in every JWT of the session, where origins can read it.
 */
export interface GlobalSessions {
  /** The browser's session, while it may serve applications; undefined when there is none, or its time is over. */
  find(cookieHeaders: readonly string[]): Promise<Session | undefined>;
  cookie(session: Session): string;
  clear(): string;
}

export interface GlobalSessionsDeps {
  readonly box: SecretBox;
  readonly sessions: Sessions;
  readonly configuration: ConfigurationSource;
  readonly isSecure: boolean;
  readonly now: () => number;
}

/** With TLS: `__Host-CF_Session`. */
const COOKIE = "CF_Session";
const SEALING_PURPOSE = "global session";

export function createGlobalSessions(deps: GlobalSessionsDeps): GlobalSessions {
  const { box, sessions, configuration, isSecure, now } = deps;
  const name = ownCookieName(COOKIE, isSecure);
  // As the organization says now: a shorter duration holds for sessions that have begun, too.
  const endMs = ({ createdAtMs }: Session) => createdAtMs + configuration.current().organization.sessionDurationMs;
  return {
    async find(cookieHeaders) {
      const [sealed, ...more] = cookieHeaders.flatMap((header) => cookieValues(header, name));
      if (sealed === undefined || more.length > 0) return undefined;
      const id = box.open(SEALING_PURPOSE, sealed);
      const session = id === undefined ? undefined : await sessions.find(id);
      return session !== undefined && now() < endMs(session) ? session : undefined;
    },
    cookie: (session) =>
      formatCookie(name, box.seal(SEALING_PURPOSE, session.id), { path: "/", expiresAtMs: endMs(session), isSecure }),
    clear: () => clearCookie(name, "/", isSecure),
  };
}

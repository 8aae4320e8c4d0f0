import { createHash, randomBytes } from "node:crypto";
import { ACCESS_PATH_PREFIX, COOKIES } from "@gatehouse/access-client/contract";
import type { SecretBox } from "../keys/secret-box.ts";
import { cookieValues } from "../request/credential.ts";
import { formatCookie, ownCookieName } from "./cookies.ts";
import type { LoginGoal } from "./login-goal.ts";
import { type SpentTicketsDeps, spendOnce } from "./spent-tickets.ts";

/** Where an application's own host takes a login over from the issuer's. */
export const AUTHORIZED_PATH = `${ACCESS_PATH_PREFIX}authorized`;

/** What crosses from the issuer's host to the application's: sealed, for a minute, once, and for one browser. */
interface Ticket {
  readonly id: string;
  readonly sessionId: string;
  /** Its binding is the hash of the cookie that the browser got at the application's host when it was sent off. */
  readonly goal: LoginGoal;
  readonly expiresAtMs: number;
}

export interface HandOver {
  /** On the application's host, before the login: the browser's secret as `Set-Cookie` values, and its hash to take along. */
  bind(cookieHeaders: readonly string[]): { readonly binding: string; readonly cookies: readonly string[] };
  /** On the issuer's host, after the login. */
  seal(ticket: Omit<Ticket, "id" | "expiresAtMs">): string;
  /** Back on the application's host: undefined unless it is this browser's, in time, and for the first time. */
  redeem(sealed: string, cookieHeaders: readonly string[], host: string): Promise<Ticket | undefined>;
}

export interface HandOverDeps extends SpentTicketsDeps {
  readonly box: SecretBox;
  readonly isSecure: boolean;
}

const TICKET_LIFE_MS = 60_000;
const COOKIE_LIFE_MS = 24 * 3_600_000;
const SECRET_BYTES = 16;
const SECRET_SHAPE = /^[0-9a-f]{32}$/;
const SEALING_PURPOSE = "login hand-over";
/** Browsers let no other host of the domain plant it. It goes before the name that Access's command line knows. */
const SAFE_NAME = ownCookieName(COOKIES.appSession, true);

/**
 * A cookie for an application can be set on its own host only, while logins happen on the issuer's. Without the binding to the
 * browser, a stranger could log a victim in as somebody else by a link.
 */
export function createHandOver(deps: HandOverDeps): HandOver {
  const { box, isSecure, now } = deps;
  return {
    bind(cookieHeaders) {
      const secret = browserSecret(cookieHeaders) ?? randomBytes(SECRET_BYTES).toString("hex");
      const options = { path: "/", expiresAtMs: now() + COOKIE_LIFE_MS, isSecure };
      const names = isSecure ? [COOKIES.appSession, SAFE_NAME] : [COOKIES.appSession];
      return { binding: hash(secret), cookies: names.map((name) => formatCookie(name, secret, options)) };
    },
    seal(ticket) {
      const id = randomBytes(SECRET_BYTES).toString("hex");
      return box.seal(SEALING_PURPOSE, JSON.stringify({ ...ticket, id, expiresAtMs: now() + TICKET_LIFE_MS }));
    },
    async redeem(sealed, cookieHeaders, host) {
      const secret = browserSecret(cookieHeaders);
      const text = box.open(SEALING_PURPOSE, sealed);
      if (secret === undefined || text === undefined) return undefined;
      const ticket = JSON.parse(text) as Ticket;
      const isOurs = ticket.goal.host === host && ticket.goal.binding === hash(secret);
      const isGood = isOurs && now() < ticket.expiresAtMs;
      return isGood && (await spendOnce(deps, ticket.id, ticket.expiresAtMs)) ? ticket : undefined;
    },
  };
}

function browserSecret(cookieHeaders: readonly string[]): string | undefined {
  const named = (name: string) => cookieHeaders.flatMap((header) => cookieValues(header, name));
  const safe = named(SAFE_NAME);
  const [secret, ...more] = safe.length > 0 ? safe : named(COOKIES.appSession);
  return more.length === 0 && secret !== undefined && SECRET_SHAPE.test(secret) ? secret : undefined;
}

function hash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

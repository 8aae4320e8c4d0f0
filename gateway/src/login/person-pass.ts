import { signAppToken } from "../keys/app-token.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { Policy } from "../policies/model.ts";
import type { RequestFacts } from "../request/authorize.ts";
import type { Revocations } from "../revocations/revocations.ts";
import type { BindingCookies } from "./binding-cookie.ts";
import { type CookiePlace, passCookie } from "./cookies.ts";
import type { Session, Sessions } from "./sessions.ts";

export interface PersonPassesDeps {
  readonly keys: SigningKeys;
  readonly sessions: Pick<Sessions, "extend">;
  readonly revocations: Pick<Revocations, "notBeforeSeconds">;
  readonly bindings: BindingCookies;
  readonly issuer: string;
  readonly now: () => number;
}

interface Admission extends CookiePlace {
  /** The policy that lets the person in: its session duration goes before the application's. */
  readonly policy: Policy;
  readonly facts: RequestFacts;
}

/** The cookies with which a person enters an application: the JWT and, where the application wants one, its binding. */
export type MakePersonPass = (session: Session, admission: Admission) => Promise<readonly string[]>;

/** With the rest a JWT stays well below the 4 KB that a cookie may have. */
const MAX_CUSTOM_BYTES = 1_536;

export function createPersonPasses(deps: PersonPassesDeps): MakePersonPass {
  const { keys, sessions, revocations, bindings, issuer, now } = deps;
  return async (session, { policy, facts, ...place }) => {
    const { application } = place;
    const lifeMs = policy.sessionDurationMs ?? application.sessionDurationMs;
    const nowSeconds = Math.floor(now() / 1000);
    const exp = Math.floor((now() + lifeMs) / 1000);
    await sessions.extend(session, exp * 1000);
    const jwt = await signAppToken(keys, {
      type: "app",
      iss: issuer,
      aud: [application.aud],
      iat: Math.max(nowSeconds, revocations.notBeforeSeconds(application.aud)),
      nbf: nowSeconds,
      exp,
      sub: session.personId,
      email: session.email,
      identity_nonce: session.id,
      ...(facts.country !== null && { country: facts.country }),
      custom: customClaims(session),
    });
    const cookies = [passCookie(jwt, exp, place)];
    if (application.hasBindingCookie) cookies.push(bindings.cookie(session.id, exp, place));
    return cookies;
  };
}

/** The name and what the provider's settings ask for, as far as there is room; the whole is at get-identity. */
function customClaims({ name, claims }: Session): Readonly<Record<string, unknown>> {
  const custom: Record<string, unknown> = {};
  let bytes = 0;
  for (const [claim, value] of [["name", name] as const, ...Object.entries(claims)]) {
    const length = Buffer.byteLength(JSON.stringify([claim, value]));
    if (bytes + length > MAX_CUSTOM_BYTES) continue;
    bytes += length;
    custom[claim] = value;
  }
  return custom;
}

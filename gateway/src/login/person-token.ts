import { signAppToken } from "../keys/app-token.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { Application } from "../policies/model.ts";
import { passCookie } from "./cookies.ts";
import type { Session } from "./sessions.ts";

export interface PersonTokenDeps {
  readonly keys: SigningKeys;
  readonly issuer: string;
  readonly isSecure: boolean;
}

/** The cookie with a person's JWT for an application; it lives as long as the session. */
export async function personCookie(
  session: Session,
  application: Application,
  { keys, issuer, isSecure }: PersonTokenDeps,
): Promise<string> {
  const iat = Math.floor(session.createdAtMs / 1000);
  const exp = Math.floor(session.expiresAtMs / 1000);
  const jwt = await signAppToken(keys, {
    type: "app",
    iss: issuer,
    aud: [application.aud],
    iat,
    nbf: iat,
    exp,
    sub: session.personId,
    email: session.email,
    identity_nonce: session.id,
    custom: { name: session.name },
  });
  return passCookie(jwt, exp, isSecure);
}

import { decodeJwt } from "jose";
import type { Application } from "../policies/model.ts";
import type { Authenticate, Authentication } from "../request/authenticate.ts";
import type { Credential } from "../request/credential.ts";

const nobody: Authentication = { ok: false, reason: "token_wrong_audience" };

/**
 * Authenticates where no application is asked for (log out, get-identity): the JWT's own audience says which one to check it against.
 * It is read before anything is verified, which only chooses the check that then must pass. Of several cookies, as applications on
 * different paths set them, those that are good must be of one session.
 */
export async function authenticateForAny(
  credential: Credential,
  applications: readonly Application[],
  authenticate: Authenticate,
): Promise<Authentication> {
  const by = (shown: Credential, application: Application | undefined) =>
    application === undefined ? nobody : authenticate(shown, application);
  if (credential.kind !== "token") return by(credential, applications[0]);
  const said = await Promise.all(
    [credential.jwt, ...credential.rivals].map((jwt) =>
      by({ ...credential, jwt, rivals: [] }, applicationOf(jwt, applications)),
    ),
  );
  const good = said.filter((one) => one.ok);
  const isClear =
    new Set(good.map(({ subject }) => (subject.kind === "person" ? subject.sessionId : subject.tokenId))).size <= 1;
  return isClear ? (good[0] ?? said[0] ?? nobody) : { ok: false, reason: "ambiguous_credential" };
}

function applicationOf(jwt: string, applications: readonly Application[]): Application | undefined {
  try {
    const audiences = [decodeJwt(jwt).aud].flat();
    return applications.find(({ aud }) => audiences.includes(aud));
  } catch {
    return applications[0];
  }
}
